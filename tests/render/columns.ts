import type { Column } from "../../src/render/table.ts";

const plain = { unit: "", tolerance: { absolute: 0, relative: 0 }, digits: 2 };

/** A column of numbers with two digits in print. */
export function numberColumn(name: string): Column {
  return { ...plain, name, title: name };
}

/** A column of text. */
export function textColumn(name: string): Column {
  return { ...plain, name, title: name, kind: "text" };
}
