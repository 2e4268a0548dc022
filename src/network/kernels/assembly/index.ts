// The kernels: all work on the memory of the backend, which they import, and keep nothing of their own in it.
export { applyAdam } from "./adam";
export { addBias } from "./bias";
export { layerBackward } from "./layer_backward";
export { isFasterTransposed, multiply, scratchBytes } from "./multiply";
export { transpose } from "./pack";
export { reluGradient } from "./relu";
export { roundsOnce } from "./sums";
