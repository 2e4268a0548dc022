import type { EnumType, TypeHandler } from "./value_types.ts";

/** What `option` can be told about an option, whatever the types of its values. */
export interface OptionSettings {
  /** Value where the option is not given. */
  readonly default?: unknown;
  /** Whether the option must be given. */
  readonly required?: boolean | undefined;
  /** Whether the option is left out of the help. */
  readonly hidden?: boolean;
  /** Whether the option may be given several times, its values then being a list. */
  readonly collect?: boolean | undefined;
  /** Long names of the options with which it cannot be combined, without dashes. */
  readonly conflicts?: readonly string[];
  /** Maps the value, be it given or the default. */
  readonly value?: (value: never) => unknown;
}

/** An option as it was declared. */
export interface OptionDefinition {
  /** For example `-s, --seed <seed:integer>`. */
  readonly flags: string;
  /** For the help. */
  readonly description: string;
  /** Default, whether required, and so on. */
  readonly settings: OptionSettings;
  /** Whether subcommands take it too. */
  readonly global: boolean;
}

/** A command as it was declared, before anything is parsed. */
export interface CommandDefinition {
  /** The word by which it is called. */
  name: string;
  /** Version, for the topmost command. */
  version?: string;
  /** What it does; the first line is shown in the list of commands. */
  description: string;
  /** Declarations of the arguments, separated by blanks; empty if it takes none. */
  argumentList: string;
  /** Types that its options and arguments may name, beside the built-in ones. */
  readonly types: Map<string, EnumType<string | number | boolean> | TypeHandler<unknown>>;
  /** Its options, in the order of the help. */
  readonly options: OptionDefinition[];
  /** Name and content of its examples. */
  readonly examples: [name: string, content: string][];
  /** Its subcommands, in the order of the help. */
  readonly subcommands: CommandDefinition[];
  /** The command of which it is a subcommand. */
  parent?: CommandDefinition;
  /** What to do when it is called, with options and arguments. */
  action?: (options: Record<string, unknown>, values: unknown[]) => unknown;
  /** Whether a wrong use is thrown rather than printed. */
  throwsErrors: boolean;
}

/** The command itself, its parent, and so on up to the topmost one. */
export function lineage(definition: CommandDefinition): CommandDefinition[] {
  return definition.parent === undefined ? [definition] : [definition, ...lineage(definition.parent)];
}

/** The registered or built-in type called `name`, looked for in the command and in those above it. */
export function registeredType(
  definition: CommandDefinition,
  name: string,
): EnumType<string | number | boolean> | TypeHandler<unknown> | undefined {
  return lineage(definition).map((ancestor) => ancestor.types.get(name)).find((type) => type !== undefined);
}
