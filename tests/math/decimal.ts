/** Decimals of 80 digits for tests. */
import { all, type BigNumber, create } from "mathjs";
import { exactFraction } from "./exact.ts";

const decimals = create(all, { number: "BigNumber", precision: 80 });

/** A whole number, or a double with all its digits, as an 80-digit decimal. */
export function decimal(value: number | bigint): BigNumber {
  if (typeof value === "bigint") return decimals.bignumber(value.toString());
  const { numerator, denominator } = exactFraction(value);
  return decimal(numerator).div(decimal(denominator));
}

/** The relative difference of a double from an 80-digit decimal. */
export function relativeError(value: number, exact: BigNumber): number {
  return Math.abs(decimal(value).minus(exact).div(exact).toNumber());
}
