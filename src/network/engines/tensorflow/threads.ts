/**
 * How many threads TensorFlow computes with.
 *
 * @module
 */

/** What TensorFlow reads from the environment while it is loaded: how many threads share the work of one op. */
export const threadsVariable = "TF_NUM_INTRAOP_THREADS";

/** The part of `Deno.env` that is needed. */
export type Environment = Pick<Deno.Env, "get" | "set">;

/**
 * Gives each of several networks that train at once its share of the cores, unless the user has set a number: one pool
 * of threads serves them all, and threads that wait for each other would leave cores idle. It must be called before
 * TensorFlow is loaded. The number of threads changes no bit of the results.
 *
 * @param networks Networks that train at once, at least 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const set = new Map<string, string>();
 * const environment = { get: (name: string) => set.get(name), set: (name: string, value: string) => void set.set(name, value) };
 * shareCores(3, 8, environment);
 * shareCores(1, 8, environment);
 * assertEquals([...set], [["TF_NUM_INTRAOP_THREADS", "2"]]);
 * ```
 */
export function shareCores(
  networks: number,
  cores: number = navigator.hardwareConcurrency,
  environment: Environment = Deno.env,
): void {
  if (environment.get(threadsVariable) !== undefined) return;
  environment.set(threadsVariable, String(Math.max(1, Math.floor(cores / networks))));
}
