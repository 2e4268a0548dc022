import type { CommandDefinition, OptionSettings } from "./definition.ts";
import { helpOf } from "./program.ts";
import { run } from "./run.ts";
import type { ArgumentValues, FlagRecord, FlagValue, MappedValue, Nothing } from "./typed_flags.ts";
import type { EnumType, TypeHandler } from "./value_types.ts";

/** What `option` can be told about an option. */
export interface OptionOptions<Value, Required, Default, Collect, Mapped> extends OptionSettings {
  /** Value where the option is not given. */
  readonly default?: Default;
  /** Whether the option must be given. */
  readonly required?: Required & (boolean | undefined);
  /** Whether the option may be given several times, its values then being a list; not together with `value`. */
  readonly collect?: Collect & (boolean | undefined);
  /** Maps the value, be it given or the default. */
  readonly value?: (value: Value) => Mapped;
}

/** What `parse` resolves to. */
export interface CommandResult<Options, Values> {
  /** The options that were given or have a default. */
  readonly options: Options;
  /** The arguments that were given. */
  readonly args: Values;
}

/** A command that can be added to another one. */
export interface Subcommand {
  /** What was declared of it. */
  readonly definition: CommandDefinition;
}

/** A command to which a subcommand was added: it can take further ones, and be parsed. */
export interface CommandTree {
  /** Adds a subcommand, as `Command.command` does. */
  command(name: string, command: Subcommand): CommandTree;
  /** Parses the command line and runs the command that it calls, as `Command.parse` does. */
  parse(args?: string[]): Promise<CommandResult<object, unknown[]>>;
  /** Prints the help into a string, as `Command.getHelp` does. */
  getHelp(): string;
}

/**
 * A command of a command line: its options, arguments and subcommands, and what it does.
 *
 * The subset of cliffy's `Command` that this package uses, with the same names, types and behaviour. Two rules keep
 * code that is written for it valid for the original: `type` comes before the options and arguments that name the
 * type, and after `command` only `command`, `parse` and `getHelp` follow.
 *
 * The type parameters are inferred; only the first one, the global options of the command above, is ever written out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const seen: unknown[] = [];
 * const train = new Command()
 *   .description("Trains one network.")
 *   .option("-s, --seed <seed:integer>", "Seed of the random streams.", { default: 0 })
 *   .arguments("<width:integer>")
 *   .action(({ seed }, width) => void seen.push(seed, width));
 *
 * await new Command().name("prunebound").command("train", train).parse(["train", "784", "--seed", "7"]);
 * assertEquals(seen, [7, 784]);
 * ```
 */
export class Command<
  ParentGlobals extends object = Nothing,
  Options extends object = Nothing,
  Values extends unknown[] = [],
  Types extends object = Nothing,
> implements Subcommand {
  /** What was declared of the command. */
  readonly definition: CommandDefinition = {
    name: "COMMAND",
    description: "",
    argumentList: "",
    types: new Map(),
    options: [],
    examples: [],
    subcommands: [],
    throwsErrors: false,
  };

  /**
   * Sets the word by which the command is called.
   *
   * @param name The word.
   * @returns This command.
   */
  name(name: string): this {
    this.definition.name = name;
    return this;
  }

  /**
   * Sets the version and adds the option that prints it, `-V, --version`.
   *
   * @param version The version.
   * @returns This command.
   */
  version(version: string): this {
    this.definition.version = version;
    return this;
  }

  /**
   * Sets the text of the help; its first line stands in the list of commands.
   *
   * @param description The text.
   * @returns This command.
   */
  description(description: string): this {
    this.definition.description = description;
    return this;
  }

  /**
   * Registers a type that options and arguments may name from here on.
   *
   * @param name The name.
   * @param handler The type: a list of values, or a function from text to value.
   * @returns This command.
   */
  type<const Name extends string, Handler extends EnumType<string | number | boolean> | TypeHandler<unknown>>(
    name: Name,
    handler: Handler,
  ): Command<ParentGlobals, Options, Values, Types & Record<Name, Handler>> {
    this.definition.types.set(name, handler);
    return this.#retyped();
  }

  /**
   * Declares the arguments.
   *
   * @param declarations For example `<artifact:string> [seed:integer]` or `[...artifacts:string]`.
   * @returns This command.
   */
  arguments<const Declarations extends string>(
    declarations: Declarations,
  ): Command<ParentGlobals, Options, ArgumentValues<Declarations, Types>, Types> {
    this.definition.argumentList = declarations;
    return this.#retyped();
  }

  /**
   * Declares an option of this command alone.
   *
   * @param flags For example `-s, --seed <seed:integer>`, `--quiet` or `--no-colour`.
   * @param description For the help.
   * @param settings Its default, whether it is required, and so on.
   * @returns This command.
   */
  option<
    const Flags extends string,
    const Default = undefined,
    Required = undefined,
    Collect = undefined,
    Mapped = undefined,
  >(
    flags: Flags,
    description: string,
    settings: OptionOptions<FlagValue<Flags, Types>, Required, Default, Collect, Mapped> = {},
  ): Command<
    ParentGlobals,
    Options & FlagRecord<Flags, MappedValue<FlagValue<Flags, Types>, Collect, Mapped>, Required, Default>,
    Values,
    Types
  > {
    this.definition.options.push({ flags, description, settings, global: false });
    return this.#retyped();
  }

  /**
   * Declares an option of this command and of all commands below it, to be given before or after their names.
   *
   * @param flags For example `-s, --seed <seed:integer>`, `--quiet` or `--no-colour`.
   * @param description For the help.
   * @param settings Its default, whether it is required, and so on.
   * @returns This command.
   */
  globalOption<
    const Flags extends string,
    const Default = undefined,
    Required = undefined,
    Collect = undefined,
    Mapped = undefined,
  >(
    flags: Flags,
    description: string,
    settings: OptionOptions<FlagValue<Flags, Types>, Required, Default, Collect, Mapped> = {},
  ): Command<
    ParentGlobals,
    Options & FlagRecord<Flags, MappedValue<FlagValue<Flags, Types>, Collect, Mapped>, Required, Default>,
    Values,
    Types
  > {
    this.definition.options.push({ flags, description, settings, global: true });
    return this.#retyped();
  }

  /**
   * Adds an example to the help.
   *
   * @param name What it shows.
   * @param content The command line.
   * @returns This command.
   */
  example(name: string, content: string): this {
    this.definition.examples.push([name, content]);
    return this;
  }

  /**
   * Adds a subcommand.
   *
   * @param name The word by which it is called.
   * @param command The subcommand.
   * @returns This command, to which further subcommands can be added.
   * @throws {Error} If there is a subcommand with that name.
   */
  command(name: string, command: Subcommand): CommandTree {
    if (this.definition.subcommands.some((subcommand) => subcommand.name === name)) {
      throw new Error(`Duplicate command name "${name}".`);
    }
    this.definition.subcommands.push(Object.assign(command.definition, { name, parent: this.definition }));
    return this;
  }

  /**
   * Sets what the command does.
   *
   * @param action Called with the options, then the arguments; `this` is the command.
   * @returns This command.
   */
  action(
    action: (
      this: Command<ParentGlobals, Options, Values, Types>,
      options: ParentGlobals & Options,
      ...values: Values
    ) => unknown,
  ): this {
    this.definition.action = (options, values) =>
      action.call(this, options as ParentGlobals & Options, ...values as Values);
    return this;
  }

  /**
   * Makes `parse` throw a wrong use as a `ValidationError`, rather than print it and end the process.
   *
   * @returns This command.
   */
  throwErrors(): this {
    this.definition.throwsErrors = true;
    return this;
  }

  /**
   * Parses the command line and runs the action of the command that it calls. The help is printed on request, and by a
   * command with nothing but subcommands that is called by itself; a wrong use prints the help and one sentence, and
   * ends the process with status 2.
   *
   * @param args The words of the command line; those of the process by default.
   * @returns The options and arguments of the command that was called.
   * @throws {ValidationError} If the command line is wrong and `throwErrors` was called.
   */
  async parse(args: string[] = Deno.args): Promise<CommandResult<ParentGlobals & Options, Values>> {
    const { options, values } = await run(this.definition, args);
    return { options: options as ParentGlobals & Options, args: values as Values };
  }

  /**
   * Prints the help into a string.
   *
   * @returns The text.
   */
  getHelp(): string {
    return helpOf(this.definition);
  }

  /** Prints the help to the standard output. */
  showHelp(): void {
    console.log(this.getHelp());
  }

  #retyped<Retyped>(): Retyped {
    return this as unknown as Retyped;
  }
}
