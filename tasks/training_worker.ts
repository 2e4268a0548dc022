/**
 * A worker that trains and measures one run after the other on its own engine.
 *
 * @module
 */
import { failureSentence, finishJob, type Job } from "./finish_job.ts";

export type { Job } from "./finish_job.ts";

/** What the worker reports: last `done`, `busy` (another worker or process has the run) or `failed`. */
export type Report =
  | { readonly kind: "work"; readonly operations: number }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "done"; readonly wasMissing: boolean }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly message: string };

const scope = self as unknown as Worker;

scope.onmessage = async ({ data }: MessageEvent<Job>): Promise<void> => {
  const report = (message: Report): void => scope.postMessage(message);
  try {
    report(await work(data, report));
  } catch (error) {
    report({ kind: "failed", message: failureSentence(error) });
  }
};

async function work(job: Job, report: (message: Report) => void): Promise<Report> {
  const outcome = await finishJob(job, {
    onWork: (operations) => report({ kind: "work", operations }),
    onNote: (text) => report({ kind: "note", text }),
  });
  return outcome === "busy" ? { kind: "busy" } : { kind: "done", wasMissing: outcome === "done" };
}
