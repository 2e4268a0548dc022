import type { EnumType, TypeHandler } from "./value_types.ts";

/** The record without keys: the options of a command that has none. */
export type Nothing = Record<never, never>;

/** What a registered type makes of a text. */
export type TypeValue<Type> = Type extends EnumType<infer Value> ? Value
  : Type extends TypeHandler<infer Value> ? Value
  : unknown;

/** The value of the type called `Name`, which is registered in `Types` or built in. */
export type NamedValue<Name extends string, Types> = Name extends keyof Types ? TypeValue<Types[Name]>
  : Name extends "number" | "integer" ? number
  : Name extends "boolean" ? boolean
  : Name extends "string" | "file" ? string
  : unknown;

/** The value of `name:type`, `name:type[]` (comma-separated) or `name` (a string). */
export type DeclaredValue<Declaration extends string, Types> = Declaration extends `${string}:${infer Name}[]`
  ? NamedValue<Name, Types>[]
  : Declaration extends `${string}:${infer Name}` ? NamedValue<Name, Types>
  : string;

/** The value of an option: `<value>`, `[value]` (true if left out) or none (true). */
export type FlagValue<Flags extends string, Types> = Flags extends `${string}<${infer Declaration}>`
  ? DeclaredValue<Declaration, Types>
  : Flags extends `${string} [${infer Declaration}]` ? true | DeclaredValue<Declaration, Types>
  : true;

/** `learning-rate` as `learningRate`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** The long name of an option, without dashes. */
export type FlagName<Flags extends string> = Flags extends `${string}--${infer Name} ${string}` ? Name
  : Flags extends `${string}--${infer Name}` ? Name
  : string;

/** The value that reaches the action: as written, gathered into a list, or as `value` maps it. */
export type MappedValue<Value, Collect, Mapped> = Mapped extends undefined
  ? Collect extends true ? NonNullable<Value>[] : Value
  : Mapped;

/** The option as a property of the action's first argument: optional unless it is required or has a default. */
export type FlagRecord<Flags extends string, Value, Required, Default> = FlagName<Flags> extends
  `no-${infer Name}` ? { [Key in CamelCase<Name>]: boolean }
  : Required extends true ? { [Key in CamelCase<FlagName<Flags>>]: Value }
  : Default extends undefined ? { [Key in CamelCase<FlagName<Flags>>]?: Value }
  : { [Key in CamelCase<FlagName<Flags>>]: Value };

/** The values of a list of arguments such as `<artifact:string> [...seeds:integer]`. */
export type ArgumentValues<Declarations extends string, Types> = Declarations extends
  `${infer First} ${infer Rest}` ? [...OneArgument<First, Types>, ...ArgumentValues<Rest, Types>]
  : OneArgument<Declarations, Types>;

/** The values of one argument: `<one>`, `[optional]`, `<...some>` or `[...any]`. */
export type OneArgument<Declaration extends string, Types> = Declaration extends `<...${infer Inner}>`
  ? [DeclaredValue<Inner, Types>, ...DeclaredValue<Inner, Types>[]]
  : Declaration extends `[...${infer Inner}]` ? DeclaredValue<Inner, Types>[]
  : Declaration extends `<${infer Inner}>` ? [DeclaredValue<Inner, Types>]
  : Declaration extends `[${infer Inner}]` ? [DeclaredValue<Inner, Types>?]
  : never;
