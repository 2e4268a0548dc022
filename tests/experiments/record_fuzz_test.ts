import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import { canonicalJson, parseHyperparameters } from "../../src/experiments/hyperparameters.ts";
import { numeric } from "../../src/experiments/measurements/measurement.ts";
import { networkMeasurementSchema } from "../../src/experiments/measurements/network.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import { parseRecord, recordJson } from "../../src/experiments/record.ts";
import { openJson, sealJson } from "../../src/experiments/seal.ts";
import { SealedFiles } from "../../src/experiments/sealed_files.ts";
import type { RandomStream } from "../../src/math/random_stream.ts";
import { frozenRun } from "../artifacts/records.ts";
import { fuzz, judgement, mutatedText } from "../fixtures/fuzz.ts";
import { MemoryStore } from "./memory_store.ts";

const hyperparameters = hyperparametersFor("mnist", 784, {
  profile: "smoke",
  protocol: "stated",
  seed: 1,
  engine: "wasm",
});
const network = frozenRun({ hyperparameters, measurements: [], protocol: "stated", paperWidth: 784 }).record
  .measured
  .network!;
const syntax = '{}[]",:0123456789-+eE.tfn \\u\n';

/** What a schema gave says the same as the JSON that it was given, numbers that are words included. */
function says(value: unknown, text: string): boolean {
  return canonicalJson(JSON.parse(recordJson(value))) === canonicalJson(withWords(JSON.parse(text)));
}

/** 1e999 is a number in JSON, and infinite. */
function withWords(value: unknown): unknown {
  return JSON.parse(recordJson({ value })).value;
}

Deno.test("a record with any text is refused or says what the text says", () =>
  fuzz("JSON record", (stream) => mutatedText(recordJson(network), syntax, stream), (text) =>
    judgement(
      () => parseRecord(networkMeasurementSchema, text, "the record"),
      (value) => says(value, text),
      [SyntaxError],
    )));

Deno.test("hyper-parameters with any text are refused or say what the text says", () =>
  fuzz(
    "hyper-parameters",
    (stream) => mutatedText(canonicalJson(hyperparameters), syntax, stream),
    (text) => judgement(() => parseHyperparameters(text), (value) => says(value, text), [SyntaxError]),
  ));

Deno.test("a sealed record is given back as it was or refused", () => {
  const sealed = sealJson(recordJson(network), "owner");
  const make = (stream: RandomStream) =>
    stream.integer(50) === 0 ? sealed : mutatedText(sealed, syntax, stream);
  return fuzz(
    "sealed record",
    make,
    (text) =>
      judgement(() => openJson(text, "owner", "the record"), (json) => json === recordJson(network), [
        SyntaxError,
      ]),
  );
});

Deno.test("text that is nested deeply is refused, not a crash", () => {
  for (const opening of ["[", '{"a":']) {
    const deep = opening.repeat(200_000);
    assertThrows(() => parseRecord(z.strictObject({ a: numeric }), deep, "x"), SyntaxError);
  }
});

Deno.test("a damaged file counts as missing and is told of; a failing disk is no damage", async () => {
  const notes: string[] = [];
  const store = new MemoryStore();
  const files = new SealedFiles(store.run("a"), "owner", (text) => notes.push(text));
  await files.writeJson("x.json", { d: 1 });
  assertEquals(await files.readJson("x.json"), recordJson({ d: 1 }));
  store.files.set("a/x.json", store.files.get("a/x.json")!.slice(0, -1));
  assertEquals([await files.readJson("x.json"), await files.readJson("y.json")], [undefined, undefined]);
  assertEquals(notes, [
    "x.json was cut, altered or moved and counts as missing: what it held is computed again",
  ]);
  const failing = { ...store.run("a"), read: () => Promise.reject(new Error("disk")) };
  await assertRejects(() => new SealedFiles(failing, "owner").readJson("x.json"), Error, "disk");
});
