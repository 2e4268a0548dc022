import { type CommandDefinition, lineage } from "./definition.ts";
import { type Call, helpOf, interpret, UsageFailure } from "./program.ts";
import { ValidationError } from "./validation_error.ts";

/**
 * Runs the command that `words` call. A wrong use prints the help and one sentence and ends the process, unless a
 * command was told to throw it.
 *
 * @param root The topmost command.
 * @param words The words of the command line.
 * @returns The call that was run.
 */
export async function run(root: CommandDefinition, words: readonly string[]): Promise<Call> {
  try {
    const call = interpret(root, words);
    await perform(call);
    return call;
  } catch (error) {
    if (error instanceof UsageFailure) return refuse(error);
    throw error;
  }
}

async function perform(call: Call): Promise<void> {
  if (call.answer !== undefined) return answer(call.answer);
  try {
    await call.definition.action?.(call.options, call.values);
  } catch (error) {
    throw error instanceof ValidationError ? new UsageFailure(call.definition, error) : error;
  }
}

function answer(text: string): never {
  console.log(text);
  Deno.exit(0);
}

function refuse({ definition, fault }: UsageFailure): never {
  if (lineage(definition).some(({ throwsErrors }) => throwsErrors)) throw fault;
  console.log(helpOf(definition));
  console.error(`  error: ${fault.message}\n`);
  Deno.exit(fault.exitCode);
}
