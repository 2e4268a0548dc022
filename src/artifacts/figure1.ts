/**
 * Figure 1: the distribution of the first layer's weights, against Assumption 3.1.
 *
 * @module
 */
import type { Artifact } from "./artifact.ts";
import { weightHistogramArtifact } from "./weight_histogram.ts";

/** Figure 1. */
export const figure1: Artifact = weightHistogramArtifact({
  id: "figure1",
  title: "Figure 1: weights of the first layer",
  layers: [1],
  notes: ["The paper does not say at which epoch it looks; these are the weights after training."],
});
