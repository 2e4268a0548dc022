/**
 * Stands in for `jsr:@cliffy/command` where only the npm registry can be reached: the part of it that a command line
 * with subcommands needs, under the same names and with the documented behaviour of the original, as an adapter over
 * commander.
 *
 * @module
 */
export {
  Command,
  type CommandResult,
  type CommandTree,
  type OptionOptions,
  type Subcommand,
} from "./command.ts";
export type { CommandDefinition, OptionDefinition, OptionSettings } from "./definition.ts";
export type {
  ArgumentValues,
  CamelCase,
  DeclaredValue,
  FlagName,
  FlagRecord,
  FlagValue,
  MappedValue,
  NamedValue,
  Nothing,
  OneArgument,
  TypeValue,
} from "./typed_flags.ts";
export { ValidationError, type ValidationErrorOptions } from "./validation_error.ts";
export { type ArgumentValue, EnumType, type TypeHandler } from "./value_types.ts";
