import "./tensorflow_first.ts";
import { findAdapter } from "../../../src/network/engines/webgpu/adapter.ts";
import { webgpuEngine } from "../../../src/network/engines/webgpu/engine.ts";
import { conformance } from "../conformance.ts";

conformance(webgpuEngine, { ignore: await findAdapter() === undefined });
