import { assertEquals } from "@std/assert";
import { type Progress, TextProgress } from "../../../tasks/data/progress.ts";

/** What is written during `transfer`, with a clock that the transfer sets. */
function written(
  isTerminal: boolean,
  transfer: (progress: Progress, setClock: (now: number) => void) => void,
): string[] {
  const texts: string[] = [];
  let clock = 0;
  const progress = new TextProgress({ write: (text) => texts.push(text), isTerminal, now: () => clock });
  transfer(progress, (now) => clock = now);
  return texts.map((text) => text.replace("\r\x1b[K", "<erase>"));
}

Deno.test("TextProgress redraws one line with bytes and time left on a terminal", () => {
  const texts = written(true, (progress, setClock) => {
    progress.begin("archive", 10_000_000);
    setClock(1_000);
    progress.reach(99_999);
    setClock(2_000);
    progress.reach(2_500_000);
    setClock(2_050);
    progress.reach(5_000_000);
    setClock(8_000);
    progress.reach(10_000_000);
    progress.end();
  });
  assertEquals(texts, [
    "<erase>archive  0.0 of 10.0 MB",
    "<erase>archive  0.1 of 10.0 MB",
    "<erase>archive  2.5 of 10.0 MB, 6 s left",
    "<erase>archive  10.0 of 10.0 MB, 0 s left",
    "<erase>archive: 10.0 MB in 8 s\n",
  ]);
});

Deno.test("TextProgress writes plain lines elsewhere", () => {
  const texts = written(false, (progress, setClock) => {
    progress.begin("archive", 200_000_000);
    progress.reach(1_000_000);
    setClock(125_000);
    progress.reach(200_000_000);
    progress.end();
    progress.note("kept");
  });
  assertEquals(texts, ["archive, 200.0 MB\n", "archive: 200.0 MB in 2 min 5 s\n", "kept\n"]);
});

Deno.test("TextProgress replaces the line of a failed transfer by the note about it", () => {
  const texts = written(true, (progress) => {
    progress.begin("archive", 10_000_000);
    progress.note("Failed");
    progress.note("Next");
  });
  assertEquals(texts, ["<erase>archive  0.0 of 10.0 MB", "<erase>Failed\n", "Next\n"]);
});

Deno.test("TextProgress promises no time when the size is unknown", () => {
  const transfer = (progress: Progress, setClock: (now: number) => void) => {
    progress.begin("archive");
    setClock(1000);
    progress.reach(3_000_000);
  };
  assertEquals(written(true, transfer), ["<erase>archive  0.0 MB", "<erase>archive  3.0 MB"]);
  assertEquals(written(false, transfer), ["archive\n"]);
});
