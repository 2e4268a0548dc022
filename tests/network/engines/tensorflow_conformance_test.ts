import { tensorflowEngine } from "../../../src/network/engines/tensorflow/engine.ts";
import { isSetUp, libraryFolder } from "../../../src/network/engines/tensorflow/library_folder.ts";
import { conformance } from "../conformance.ts";

conformance(tensorflowEngine, { ignore: !isSetUp(libraryFolder()) });
