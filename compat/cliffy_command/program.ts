import {
  Argument,
  Command as Program,
  type CommanderError,
  Option,
  type OutputConfiguration,
} from "commander";
import { type CommandDefinition, lineage, type OptionDefinition, registeredType } from "./definition.ts";
import { ValidationError } from "./validation_error.ts";
import { type ArgumentValue, builtInTypes, EnumType } from "./value_types.ts";

/** The command that a command line calls, with its options and arguments, or the text it asks for instead. */
export interface Call {
  /** The command. */
  readonly definition: CommandDefinition;
  /** Its options, by name. */
  readonly options: Record<string, unknown>;
  /** Its arguments, without those that are left out at the end. */
  readonly values: unknown[];
  /** The help or the version, if it was asked for. */
  readonly answer?: string;
}

/** A command line that cannot be understood, and the command whose help explains why. */
export class UsageFailure extends Error {
  /**
   * Joins the fault to the command.
   *
   * @param definition The command that was called.
   * @param fault What is wrong.
   */
  constructor(readonly definition: CommandDefinition, readonly fault: ValidationError) {
    super(fault.message);
  }
}

/** Nothing is printed by commander, and the help looks the same in a terminal and in a file. */
const quietOutput: OutputConfiguration = {
  writeOut: () => {},
  writeErr: () => {},
  getOutHelpWidth: () => 110,
  getErrHelpWidth: () => 110,
  getOutHasColors: () => false,
  getErrHasColors: () => false,
};

/** Commander's way to stop before the action: the help, the version, or a fault. */
class EarlyStop extends Error {
  constructor(readonly definition: CommandDefinition, readonly reason: CommanderError) {
    super(reason.message);
  }
}

/**
 * Finds the command that `words` call, with its options and arguments; nothing is run or printed. Words after `--` are
 * not read, and an empty value counts as none given.
 *
 * @param root The topmost command.
 * @param words The words of the command line.
 * @returns The call.
 * @throws {UsageFailure} If the words fit no command.
 */
export function interpret(root: CommandDefinition, words: readonly string[]): Call {
  const calls: Call[] = [];
  const program = programOf(root, (call) => calls.push(call));
  const end = words.indexOf("--");
  try {
    program.parse(end < 0 ? words : words.slice(0, end), { from: "user" });
  } catch (error) {
    if (!(error instanceof EarlyStop)) throw error;
    calls.push(answerTo(error));
  }
  return calls[0] ?? { definition: root, options: {}, values: [] };
}

/**
 * Prints the help of a command.
 *
 * @param definition The command.
 * @returns The text, without a line feed at its end.
 */
export function helpOf(definition: CommandDefinition): string {
  const path = lineage(definition).reverse();
  const [root = definition, ...below] = path;
  const program = below.reduce(
    (parent, { name }) => parent.commands.find((child) => child.name() === name) ?? parent,
    programOf(root, () => {}),
  );
  return [program.helpInformation().trimEnd(), ...examplesOf(definition)].join("\n");
}

function examplesOf(definition: CommandDefinition): string[] {
  if (definition.examples.length === 0) return [];
  const width = Math.max(...definition.examples.map(([name]) => name.length));
  return [
    "",
    "Examples:",
    ...definition.examples.map(([name, content]) => `  ${name.padEnd(width)}  ${content}`),
  ];
}

function answerTo({ definition, reason }: EarlyStop): Call {
  const call = { definition, options: {}, values: [] };
  if (reason.code === "commander.helpDisplayed") return { ...call, answer: helpOf(definition) };
  if (reason.code === "commander.version") return { ...call, answer: reason.message };
  throw new UsageFailure(definition, new ValidationError(sentenceOf(reason)));
}

/** Commander writes "error: unknown option '--sed'", and a guess in brackets on the next line. */
function sentenceOf(reason: CommanderError): string {
  const [fault = "", guess = ""] = reason.message.replace(/^error: /, "").replaceAll("'", '"').split("\n");
  const sentence = `${fault.charAt(0).toUpperCase()}${fault.slice(1).replace(/\.$/, "")}.`;
  return guess === "" ? sentence : `${sentence} ${guess.replace(/^\((.*)\)$/, "$1")}`;
}

function programOf(definition: CommandDefinition, onCall: (call: Call) => void): Program {
  const program = emptyProgram(definition);
  for (const option of definition.options) addOption(program, definition, option);
  for (const declaration of argumentsOf(definition)) addArgument(program, definition, declaration);
  for (const child of definition.subcommands) program.addCommand(programOf(child, onCall));
  return program.action(() => onCall(callOf(program, definition)));
}

function emptyProgram(definition: CommandDefinition): Program {
  const program = new Program(definition.name)
    .description(definition.description)
    .summary(definition.description.split("\n")[0] ?? "")
    .helpOption("-h, --help", "Show this help.")
    .allowExcessArguments(definition.subcommands.length > 0)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(quietOutput)
    .exitOverride((reason) => {
      throw new EarlyStop(definition, reason);
    });
  if (definition.version === undefined) return program;
  return program.version(definition.version, "-V, --version", "Show the version number for this program.");
}

function addOption(program: Program, definition: CommandDefinition, declared: OptionDefinition): void {
  const { flags, description, settings } = declared;
  const option = new Option(withoutTypes(flags), description).default(settings.default);
  option.hideHelp(settings.hidden ?? false).makeOptionMandatory(settings.required ?? false);
  option.conflicts([...settings.conflicts ?? []].map((name) => new Option(`--${name}`).attributeName()));
  if (/[<[]/.test(flags)) readValues(option, definition, declared);
  program.addOption(option);
  if (!settings.collect) refuseRepetition(program, definition, option);
}

/** `--seed <seed:integer>` as commander writes it, `--seed <seed>`. */
function withoutTypes(declaration: string): string {
  return declaration.replace(/:[^[>\]\s]+(\[\])?(?=[>\]])/g, "");
}

function refuseRepetition(program: Program, definition: CommandDefinition, option: Option): void {
  let given = false;
  program.on(`option:${option.name()}`, () => {
    if (given) throw usageFailure(definition, `Option "${nameOf(option)}" can only occur once.`);
    given = true;
  });
}

function nameOf(option: Option): string {
  return option.long ?? option.short ?? option.flags;
}

function usageFailure(definition: CommandDefinition, sentence: string): UsageFailure {
  return new UsageFailure(definition, new ValidationError(sentence));
}

function readValues(
  option: Option,
  definition: CommandDefinition,
  { flags, settings }: OptionDefinition,
): void {
  const collected: unknown[] = [];
  const type = typeOf(flags);
  showChoices(option, definition, type);
  option.argParser((text: string, previous: unknown) => {
    if (text === "") return previous;
    const value = valueOf(definition, { label: "Option", name: nameOf(option), value: text, type });
    if (!settings.collect) return value;
    collected.push(value);
    return collected;
  });
}

function showChoices(target: Option | Argument, definition: CommandDefinition, type: string): void {
  const registered = registeredType(definition, type.replace(/\[\]$/, ""));
  if (registered instanceof EnumType) target.choices(registered.values().map(String));
}

/** The type named by `<seed:integer>`: "integer"; a list ends in []. */
function typeOf(declaration: string): string {
  return /:(?<type>[^[>\]\s]+(\[\])?)[>\]]/.exec(declaration)?.groups?.type ?? "string";
}

function valueOf(definition: CommandDefinition, argument: ArgumentValue): unknown {
  if (!argument.type.endsWith("[]")) return singleValueOf(definition, argument);
  const type = argument.type.slice(0, -2);
  return argument.value.split(",").map((value) => singleValueOf(definition, { ...argument, type, value }));
}

function singleValueOf(definition: CommandDefinition, argument: ArgumentValue): unknown {
  const type = registeredType(definition, argument.type) ?? builtInTypes.get(argument.type);
  if (type === undefined) throw new TypeError(`Unknown type "${argument.type}" of "${argument.name}"`);
  try {
    return type instanceof EnumType ? type.parse(argument) : type(argument);
  } catch (error) {
    throw error instanceof ValidationError ? new UsageFailure(definition, error) : error;
  }
}

function argumentsOf(definition: CommandDefinition): string[] {
  return definition.argumentList.split(" ").filter((declaration) => declaration !== "");
}

/** Commander writes the dots of `[...seeds]` behind the name. */
function addArgument(program: Program, definition: CommandDefinition, declaration: string): void {
  const argument = new Argument(withoutTypes(declaration).replace(/^([<[])\.\.\.(.*)(.)$/, "$1$2...$3"));
  const [name, type, collected] = [argument.name(), typeOf(declaration), [] as unknown[]];
  showChoices(argument, definition, type);
  argument.argParser((text: string, previous: unknown) => {
    if (text === "") return previous;
    const value = valueOf(definition, { label: "Argument", name, value: text, type });
    if (!argument.variadic) return value;
    collected.push(value);
    return collected;
  });
  program.addArgument(argument);
}

function callOf(program: Program, definition: CommandDefinition): Call {
  const [word] = program.args;
  if (definition.subcommands.length > 0 && argumentsOf(definition).length === 0 && word !== undefined) {
    throw usageFailure(definition, `Unknown command "${word}".`);
  }
  const call = { definition, options: optionsOf(program, definition), values: givenValues(program) };
  const isBare = definition.subcommands.length > 0 &&
    Object.keys(call.options).length + program.args.length === 0;
  return isBare && !definition.action ? { ...call, answer: helpOf(definition) } : call;
}

function givenValues(program: Program): unknown[] {
  const values = program.registeredArguments.flatMap(({ variadic }, position) =>
    variadic ? program.processedArgs[position] ?? [] : [program.processedArgs[position]]
  );
  return values.slice(0, values.findLastIndex((value) => value !== undefined) + 1);
}

/** The command's own options and the global ones of the commands above it. */
function optionsOf(program: Program, definition: CommandDefinition): Record<string, unknown> {
  const values = declaredValues(program, definition.options);
  if (program.parent === null || definition.parent === undefined) return values;
  refuseOwnOptions(program.parent, definition.parent);
  const above = optionsOf(program.parent, {
    ...definition.parent,
    options: globalOptions(definition.parent),
  });
  return { ...above, ...values };
}

function globalOptions(definition: CommandDefinition): OptionDefinition[] {
  return definition.options.filter(({ global }) => global);
}

/** Commander takes the options of a command behind the name of its subcommand too. */
function refuseOwnOptions(program: Program, definition: CommandDefinition): void {
  const own = definition.options.filter(({ global }) => !global).map(({ flags }) =>
    new Option(withoutTypes(flags))
  );
  const given = own.find((option) => program.getOptionValueSource(option.attributeName()) === "cli");
  if (given !== undefined) throw usageFailure(definition, `Unknown option "${nameOf(given)}".`);
}

function declaredValues(program: Program, declared: readonly OptionDefinition[]): Record<string, unknown> {
  const entries = declared.map(({ flags, settings }) => {
    const key = new Option(withoutTypes(flags)).attributeName();
    const given = program.getOptionValue(key);
    // Commander writes "" where a parser gives nothing.
    const value = given === "" ? settings.default : given;
    return [
      key,
      value === undefined || settings.value === undefined ? value : settings.value(value as never),
    ];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
