import { assertEquals } from "@std/assert";
import { dirname, join, relative } from "node:path";

/** What each room may import, besides packages: see "Rooms" in the README. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "src/math": [],
  "src/render": [],
  "src/theory": ["src/math"],
  "src/bounds": ["src/theory", "src/math"],
  "src/datasets": ["src/math"],
  "src/network": ["src/math"],
  "src/experiments": ["src/network", "src/datasets", "src/bounds", "src/theory", "src/math"],
  "src/artifacts": [
    "src/experiments",
    "src/datasets",
    "src/network",
    "src/bounds",
    "src/theory",
    "src/math",
    "src/render",
    "paper/published",
  ],
  "src/claims": ["src/artifacts", "src/math"],
  "mod.ts": ["src"],
  "tasks": ["src"],
  "compat": [],
  "cli.ts": ["tasks", "src/artifacts", "src/claims", "src/experiments", "src/network", "src/render"],
};

/** Imports of types are erased, so a room may name the types of a room that it may not run. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  "src/artifacts": ["src/datasets", "src/network", "src/render"],
  "src/claims": ["src/artifacts"],
};

const root = new URL("..", import.meta.url).pathname;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

Deno.test("every import runs along an edge of the design", async () => {
  const edges = (await sources()).flatMap(importsOf);
  assertEquals(edges.length > 100, true, "the imports were not found");
  const forbidden = edges.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} -> ${to}`);
  assertEquals(forbidden, []);
});

Deno.test("only src/network names TensorFlow.js in src", async () => {
  const offenders = (await sources()).filter(({ path, text }) =>
    path.startsWith("src/") && !path.startsWith("src/network/") && /from "@tensorflow/.test(text)
  );
  assertEquals(offenders.map(({ path }) => path), []);
});

/** The addon of this engine is a file, which it looks for and tells its settings by the environment. */
const ofAddon = "src/network/engines/tensorflow/";

Deno.test("src touches no disk, no network, no process and, but for an addon, no environment", async () => {
  const always = /Deno\.(read|write|open|Command|connect|listen|mkdir|remove|rename|copy|chdir)|\bfetch\(/;
  const ofAddonAlone = /Deno\.(stat|lstat|env|dlopen)/;
  const offenders = (await sources()).filter(({ path, text }) =>
    path.startsWith("src/") &&
    (always.test(code(text)) || (!path.startsWith(ofAddon) && ofAddonAlone.test(code(text))))
  );
  assertEquals(offenders.map(({ path }) => path), []);
});

function isAllowed({ from, to, isType }: Edge): boolean {
  const room = Object.keys(allowed).find((name) => isIn(from, name));
  if (room === undefined) return false;
  const target = allowed[room].find((name) => isIn(to, name));
  if (isIn(to, room)) return true;
  if (target === undefined) return false;
  return isType || !(typesOnly[room] ?? []).includes(target);
}

function isIn(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

async function sources(): Promise<{ path: string; text: string }[]> {
  const folders = await Promise.all(["src", "tasks", "compat"].map(filesBelow));
  const paths = ["mod.ts", "cli.ts", ...folders.flat()];
  const modules = paths.filter((path) => path.endsWith(".ts") && !path.includes("/assembly/"));
  return await Promise.all(
    modules.map(async (path) => ({ path, text: await Deno.readTextFile(join(root, path)) })),
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(root, folder)));
  const nested = await Promise.all(entries.map(({ name, isDirectory }) => {
    return isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`];
  }));
  return nested.flat();
}

/** The text without comments: examples in doc comments may use anything. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function importsOf({ path, text }: { path: string; text: string }): Edge[] {
  const statements = [
    ...code(text).matchAll(
      /(?:import|export)\s([^;"]*?)from\s+"(\.[^"]+)"|import\(\s*"(\.[^"]+)"|import\s+"(\.[^"]+)"/g,
    ),
  ];
  return statements.map(([, names = "", target, dynamic, bare]) => ({
    from: path,
    to: relative(root, join(root, dirname(path), target ?? dynamic ?? bare)),
    isType: names.trim().startsWith("type ") || isOnlyTypes(names),
  }));
}

function isOnlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  return inner !== undefined && inner.split(",").map((name) => name.trim()).filter(Boolean)
    .every((name) => name.startsWith("type "));
}
