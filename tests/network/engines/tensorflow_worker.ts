/**
 * A Worker that answers each message, a number of steps, with the weights of the short training.
 *
 * @module
 */
import { tensorflowEngine } from "../../../src/network/engines/tensorflow/engine.ts";
import { shortTraining } from "./short_training.ts";

const scope = self as unknown as Worker;
scope.onmessage = async ({ data }) => scope.postMessage(await shortTraining(tensorflowEngine, data));
