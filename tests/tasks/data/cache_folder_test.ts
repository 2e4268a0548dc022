import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { cacheFolder } from "../../../tasks/data/cache_folder.ts";

function placed(os: string, variables: Record<string, string>): string {
  return cacheFolder({ os, variable: (name) => variables[name] });
}

Deno.test("cacheFolder follows PRUNEBOUND_DATA on every platform", () => {
  for (const os of ["linux", "darwin", "windows"]) {
    assertEquals(placed(os, { PRUNEBOUND_DATA: "/data", HOME: "/home/a", XDG_CACHE_HOME: "/x" }), "/data");
  }
});

Deno.test("cacheFolder follows the platform's custom", () => {
  assertEquals(placed("linux", { HOME: "/home/a" }), join("/home/a", ".cache", "prunebound"));
  assertEquals(placed("linux", { HOME: "/home/a", XDG_CACHE_HOME: "/x" }), join("/x", "prunebound"));
  assertEquals(
    placed("linux", { HOME: "/home/a", XDG_CACHE_HOME: "" }),
    join("/home/a", ".cache", "prunebound"),
  );
  assertEquals(placed("darwin", { HOME: "/Users/a" }), join("/Users/a", "Library", "Caches", "prunebound"));
  assertEquals(placed("windows", { LOCALAPPDATA: "C:/a" }), join("C:/a", "prunebound"));
});

Deno.test("cacheFolder says what must be set when nothing is", () => {
  assertThrows(() => placed("linux", {}), Error, "PRUNEBOUND_DATA or HOME must be set");
  assertThrows(
    () => placed("windows", { HOME: "/home/a" }),
    Error,
    "PRUNEBOUND_DATA or LOCALAPPDATA must be set",
  );
});
