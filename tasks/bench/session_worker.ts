/**
 * An engine in a worker of its own, as each network of a run has it. The first message names it, the others are turns.
 *
 * @module
 */
import type { Turn } from "./contestant.ts";
import { openSession, type Session, type SessionName } from "./session.ts";

const scope = self as unknown as Worker;

let session: Session | undefined;

scope.onmessage = async ({ data }: MessageEvent<SessionName | Turn>): Promise<void> => {
  if (typeof data === "string") {
    session = await openSession(data);
    scope.postMessage(session.introduction);
  } else {
    scope.postMessage(await session?.take(data));
  }
};
