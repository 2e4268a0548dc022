import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { conformance } from "../conformance.ts";

conformance(wasmEngine);
