/**
 * The contestants that this machine has.
 *
 * @module
 */
import type { EngineName } from "../../src/network/engines/engine.ts";
import { enginePermissions } from "../engines/child.ts";
import { type EngineExaminer, engineExaminers } from "../engines/survey.ts";
import { python, pytorchProgram } from "../setup_peers.ts";
import { arePeersSetUp, peersFolder, sitePackages } from "../setup_peers/folder.ts";
import { type Contestant, type Introduction, startContestant, type Timing, type Turn } from "./contestant.ts";
import type { SessionName } from "./session.ts";

/** A contestant's name: an engine's, tfjs as it is published, or PyTorch with one of its two forms of Adam. */
export type ContestantName = SessionName | "pytorch-default" | "pytorch-fused";

/** The contestants that are ready, by name. */
export type Field = ReadonlyMap<ContestantName, Contestant>;

const sessionProgram = new URL("./session.ts", import.meta.url).href;

/** Who can compete, and why others cannot. */
export interface Entrants {
  readonly names: readonly ContestantName[];
  /** A line for each that is missing. */
  readonly missing: readonly string[];
}

/**
 * The contestants that can be had: the engines that are set up, tfjs as published beside wasm, and PyTorch.
 *
 * @param only The only engine that competes, beside those that it is compared with.
 * @param examine What finds out the state of each engine. Default: what `deno task engines` uses.
 * @param hasPeers Whether PyTorch is set up. Default: whether `deno task setup:peers` left it.
 * @throws {Error} If the only engine is not ready: what is missing and how to get it.
 */
export async function findEntrants(
  only: EngineName | undefined,
  examine: readonly EngineExaminer[] = engineExaminers,
  hasPeers: boolean = arePeersSetUp(peersFolder()),
): Promise<Entrants> {
  const states = await Promise.all(examine.map((look) => look()));
  const wanted = states.filter(({ name }) => only === undefined || name === only);
  const absent = wanted.filter(({ verdict }) => verdict !== "ready");
  if (only !== undefined && absent.length > 0) {
    throw new Error(`Cannot bench ${only} as it ${absent[0].detail}`);
  }
  const engines = wanted.filter(({ verdict }) => verdict === "ready").map(({ name }) => name);
  return {
    names: [
      ...engines,
      ...hasPeers ? ["pytorch-fused", "pytorch-default"] as const : [],
      ...engines.includes("wasm") ? ["tfjs"] as const : [],
    ],
    missing: [
      ...absent.map(({ name, detail }) => `${name} ${detail}`),
      ...hasPeers ? [] : ["PyTorch is not set up (deno task setup:peers)"],
    ],
  };
}

/**
 * Starts a contestant: in a worker what runs on wasm, as in the experiments; in a process of its own what brings native
 * code, with the permissions that it needs.
 *
 * @throws {Error} If it cannot be had: in one sentence.
 */
export async function enter(name: ContestantName): Promise<Contestant> {
  if (name === "wasm" || name === "tfjs") return await startWorker(name);
  if (name === "tensorflow" || name === "webgpu") {
    const options = ["run", "--quiet", "--no-prompt", ...enginePermissions[name]];
    return await startContestant({ name, path: "deno", arguments: [...options, sessionProgram, name] });
  }
  const form = name === "pytorch-fused" ? "fused" : "default";
  const parameters = [pytorchProgram, sitePackages(peersFolder()), form];
  return await startContestant({ name: "PyTorch", path: python.path, arguments: parameters });
}

/** Starts an engine in a worker of this process. */
export async function startWorker(name: SessionName): Promise<Contestant> {
  const worker = new Worker(new URL("./session_worker.ts", import.meta.url), { type: "module" });
  const answer = <T>(message: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Cannot time ${name} as ${event.message}`));
      };
      worker.postMessage(message);
    });
  return {
    ...await answer<Introduction>(name),
    take: (turn: Turn) => answer<Timing>(turn),
    leave: () => Promise.resolve(worker.terminate()),
  };
}
