/**
 * The bounds, in the order in which tables show them. To add one, add its file and its line here.
 *
 * @module
 */
import { bartlett2017 } from "./bartlett_2017.ts";
import type { Bound } from "./bound.ts";
import { neyshabur2015 } from "./neyshabur_2015.ts";
import { neyshabur2017 } from "./neyshabur_2017.ts";
import { ours } from "./ours.ts";
import { parameterCount } from "./parameter_count.ts";

/** Every bound that is a function of {@linkcode NetworkMeasures}. */
export const bounds: readonly Bound[] = [neyshabur2015, neyshabur2017, bartlett2017, ours, parameterCount];
