/**
 * Lemma 4.1: how far pruning by Algorithm 1 moves the output. Appendix C proves it as Lemma C.5, under which name the
 * formulas are.
 *
 * As printed, with the side condition that its proof needs (erratum 7), and before the proof rounds up.
 *
 * @module
 */
export {
  type PrunedLayer,
  pruningErrorBoundLn,
  pruningErrorBoundPrintedLn,
  pruningErrorProbability,
  telescopedPruningErrorBoundLn,
} from "./lemma_c_5.ts";
