/** What a `ValidationError` carries beside its message. */
export interface ValidationErrorOptions {
  /** Status with which the process is to end; 2 by default. */
  exitCode?: number;
}

/**
 * A command line that was used wrongly: an unknown option, a value of the wrong type, a missing argument. Actions may
 * throw it too; `Command.parse` then prints the help and the message and ends the process.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new ValidationError("The seed is negative.").exitCode, 2);
 * ```
 */
export class ValidationError extends Error {
  /** Status with which the process is to end. */
  readonly exitCode: number;

  /**
   * Makes the error; it is for the caller to throw it.
   *
   * @param message One sentence for the person at the terminal.
   * @param options The exit status, where it is not 2.
   */
  constructor(message: string, options: ValidationErrorOptions = {}) {
    super(message);
    this.exitCode = options.exitCode ?? 2;
  }
}
