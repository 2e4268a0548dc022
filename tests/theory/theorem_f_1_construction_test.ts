import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { isTicketTarget } from "../../src/theory/theorem_f_1.ts";
import {
  activeWeightCount,
  findTicket,
  measureTicket,
  randomTarget,
  reluOutputs,
  ticketError,
  ticketErrorBound,
  type TicketSearchOptions,
} from "../../src/theory/theorem_f_1_construction.ts";

function unitVectors(count: number, dimension: number, stream: RandomStream): Matrix {
  const points = matrix(count, dimension);
  for (let point = 0; point < count; point++) {
    const direction = Array.from({ length: dimension }, () => stream.normal());
    const norm = Math.hypot(...direction);
    direction.forEach((entry, index) => points.data[point * dimension + index] = entry / norm);
  }
  return points;
}

function imitation(widths: number[], options: TicketSearchOptions) {
  const stream = new RandomStream(0, `ticket test ${widths}`);
  const target = randomTarget(widths, stream);
  const ticket = findTicket(target, options, stream);
  return { target, ticket, examples: unitVectors(200, widths[0], stream) };
}

/** What two layers do to the input of one coordinate, e_j or -e_j. */
function columnOfPair([hidden, output]: readonly Matrix[], input: number, sign: number): number[] {
  const example = matrix(1, hidden.columns);
  example.data[input] = sign;
  return [...reluOutputs([hidden, output], example).data];
}

Deno.test("reluOutputs agrees with a network worked by hand", () => {
  const weights = [
    matrix(2, 2, Float64Array.of(1, 2, -3, 1)),
    matrix(2, 2, Float64Array.of(1, 1, -2, 0)),
    matrix(1, 2, Float64Array.of(5, 7)),
  ];
  // (1, 1) -> (3, -2) -> (3, 0) -> (3, -6) -> (3, 0) -> 15; (-1, 1) -> (1, 4) -> (5, -2) -> 25.
  assertEquals([...reluOutputs(weights, matrix(2, 2, Float64Array.of(1, 1, -1, 1))).data], [15, 25]);
  assertThrows(() => reluOutputs(weights, matrix(1, 3)), TypeError, "must have 2 inputs: there are 3");
});

Deno.test("random targets meet the theorem's conditions and are not trivial", () => {
  for (const widths of [[1, 1], [4, 3, 2], [8, 8, 8, 8, 4]]) {
    const target = randomTarget(widths, new RandomStream(0, "ticket test"));
    assert(isTicketTarget(target));
    assertEquals(target.map(({ rows, columns }) => [columns, rows]).flat().length, 2 * (widths.length - 1));
    assert(target.every(({ data }) => data.every((weight) => weight !== 0)));
  }
});

for (const search of ["number", "subset"] as const) {
  Deno.test(`a ticket found by ${search} is a subnetwork: weights are pruned and never changed`, () => {
    const { target, ticket } = imitation([3, 4, 2], { poolSize: 16, search });
    assertEquals(ticket.host.length, 2 * target.length);
    ticket.pruned.forEach(({ data }, layer) => {
      const host = ticket.host[layer];
      assert(data.every((weight, index) => weight === 0 || weight === host.data[index]));
      assert(host.data.every((weight) => Math.abs(weight) < 1));
    });
  });

  Deno.test(`a ticket found by ${search} imitates each weight within the error it states`, () => {
    const { target, ticket } = imitation([3, 4, 2], { poolSize: 24, search });
    let largestError = 0;
    target.forEach((weights, layer) => {
      const pair = ticket.pruned.slice(2 * layer, 2 * layer + 2);
      for (let input = 0; input < weights.columns; input++) {
        for (const sign of layer === 0 ? [1, -1] : [1]) {
          columnOfPair(pair, input, sign).forEach((output, row) => {
            const error = Math.abs(output - sign * weights.data[row * weights.columns + input]);
            largestError = Math.max(largestError, error);
          });
        }
      }
    });
    assertAlmostEquals(largestError, ticket.largestWeightError, 1e-12);
  });
}

Deno.test("each weight is imitated by the best single neuron of its pool", () => {
  const target = [matrix(1, 1, Float64Array.of(0.4))];
  const { host, largestWeightError } = findTicket(
    target,
    { poolSize: 9, search: "number" },
    new RandomStream(0, "ticket test"),
  );
  const products = Array.from(
    host[0].data,
    (w, neuron) => ({ w, product: Math.abs(w) * host[1].data[neuron] }),
  );
  const error = (side: number) =>
    Math.min(
      0.4,
      ...products.filter(({ w }) => w * side > 0).map(({ product }) => Math.abs(product - side * 0.4)),
    );
  assertAlmostEquals(largestWeightError, Math.max(error(1), error(-1)), 1e-15);
});

Deno.test("the error on data stays below the proven bound, which ends below epsilon", () => {
  const epsilon = 0.05;
  const { target, ticket, examples } = imitation([8, 8, 8, 4], { poolSize: 50, search: "subset" });
  const error = ticketError(target, ticket, examples);
  const bound = ticketErrorBound(target, ticket, 1);
  assert(error > 0 && error <= bound);
  assert(bound < epsilon);
});

Deno.test("subsets need far fewer neurons than single ones for the same error", () => {
  const widths = [4, 4, 4, 2];
  const single = imitation(widths, { poolSize: 300, search: "number" }).ticket;
  const subset = imitation(widths, { poolSize: 40, search: "subset" }).ticket;
  assert(subset.largestWeightError < single.largestWeightError);
});

Deno.test("the measurement counts weights and neurons", () => {
  const { target, ticket, examples } = imitation([3, 4, 2], { poolSize: 10, search: "number" });
  const measured = measureTicket(target, ticket, examples);
  assertEquals(measured.hostWidth, 40);
  assertEquals(measured.hostWeightCount, 30 * 3 + 4 * 30 + 40 * 4 + 2 * 40);
  assertEquals(measured.targetWeightCount, 20);
  assertEquals(measured.activeWeightCount, activeWeightCount(ticket.pruned));
  // A weight has at most two neurons in the first layer and one behind, with two active weights each.
  assert(measured.activeWeightCount <= 4 * 12 + 2 * 8);
  assertEquals(measured.outputError, ticketError(target, ticket, examples));
  assertAlmostEquals(measured.outputErrorBound, ticketErrorBound(target, ticket, 1), 1e-12);
});

Deno.test("findTicket refuses a missing target and an empty pool", () => {
  const stream = new RandomStream(0, "ticket test");
  const target = [matrix(1, 1)];
  assertThrows(
    () => findTicket([], { poolSize: 1, search: "number" }, stream),
    RangeError,
    "must not be empty",
  );
  assertThrows(() => findTicket(target, { poolSize: 0, search: "subset" }, stream), RangeError, "pool size");
});
