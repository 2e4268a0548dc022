/**
 * Figure 6 (Appendix I): the distribution of the weights of the later layers, against Assumption 3.1.
 *
 * @module
 */
import type { Artifact } from "./artifact.ts";
import { weightHistogramArtifact } from "./weight_histogram.ts";

/** Figure 6. */
export const figure6: Artifact = weightHistogramArtifact({
  id: "figure6",
  title: "Figure 6: weights of the later layers",
  layers: [2, 3, 4, 5],
  notes: [
    "The paper shows layers 2 to 4 of a network of four layers, the fourth being its output layer. The networks of its tables have five weight matrices, so that layer 4 here is hidden and layer 5 is the output layer: both are shown.",
  ],
});
