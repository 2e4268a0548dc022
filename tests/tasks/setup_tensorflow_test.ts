import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { silentProgress } from "../../tasks/data/progress.ts";
import { diagnose } from "../../tasks/doctor.ts";
import { setUpTensorflow } from "../../tasks/setup_tensorflow.ts";
import {
  tensorflowHeaders,
  tensorflowLibraries,
  withNamesPerThread,
} from "../../tasks/setup_tensorflow/addon.ts";
import { findInstalled, fits } from "../../tasks/setup_tensorflow/installed.ts";
import type { NodePackage } from "../../tasks/setup_tensorflow/pins.ts";
import type { Machine } from "../../tasks/setup_tensorflow/prerequisites.ts";
import type { Programs } from "../../tasks/setup_tensorflow/program.ts";
import { addonFile, isSetUp } from "../../src/network/engines/tensorflow/library_folder.ts";

const ignore = Deno.build.os === "windows";

/** Shell scripts in place of the programs: each notes its call and does what the set-up expects of it. */
const scripts: Readonly<Record<keyof Programs, string>> = {
  python: `
case "$*" in
  *download*) while [ "$1" != --dest ]; do shift; done; mkdir -p "$2"; echo wheel > "$2/a.whl";;
  *zipfile*) mkdir -p "$4/tensorflow"; touch "$4/tensorflow/libtensorflow_cc.so.2";;
  *find_spec*) echo '[]';;
esac`,
  npm: `
for argument; do case "$argument" in --pack-destination=*) folder=\${argument#*=};; esac; done
[ "$1" = pack ] && cp "$FAKES/package.tgz" "$folder/a.tgz"; true`,
  tar: `exec tar "$@"`,
  compiler: `
while [ $# -gt 0 ]; do [ "$1" = -o ] && echo addon > "$2"; shift; done`,
};

interface Fakes {
  readonly folder: string;
  readonly machine: Machine;
  readonly packages: readonly NodePackage[];
  /** The calls that do something, by program, since the last time. */
  takeCalls(): string[];
  /** Replaces what a program does. */
  replace(name: keyof Programs, script: string): void;
}

/** Runs a test with a folder to set up in and a machine whose programs are scripts. */
async function withFakes(run: (fakes: Fakes) => Promise<void>): Promise<void> {
  const fakes = await Deno.makeTempDir();
  try {
    await run(await fakesIn(fakes));
  } finally {
    await Deno.remove(fakes, { recursive: true });
  }
}

async function fakesIn(fakes: string): Promise<Fakes> {
  const calls = join(fakes, "calls");
  const replace = (name: keyof Programs, script: string) => {
    const header = `#!/bin/sh\nFAKES=${fakes}\ncase "$*" in *--version*|*fsyntax*) exit 0;; esac\n`;
    Deno.writeTextFileSync(join(fakes, name), `${header}echo ${name} >> ${calls}\n${script}\n`, {
      mode: 0o755,
    });
  };
  const names = Object.keys(scripts) as (keyof Programs)[];
  names.forEach((name) => replace(name, scripts[name]));
  return {
    folder: join(fakes, "private"),
    machine: machineWith((name) => join(fakes, name)),
    packages: await fakePackages(fakes),
    takeCalls: () => {
      const lines = (readText(calls) ?? "").split("\n").filter((line) => line !== "");
      Deno.writeTextFileSync(calls, "");
      return lines;
    },
    replace,
  };
}

function machineWith(path: (name: string) => string): Machine {
  const candidate = (name: string) => [{ label: name, path: path(name) }];
  const [python, npm, tar, compiler] = ["python", "npm", "tar", "compiler"].map(candidate);
  const candidates = { python, npm, tar, compiler };
  return { os: "linux", architecture: "x86_64", hasDriver: false, freeBytes: () => 1e12, candidates };
}

/** One tarball, in the form of the Node package, and the entry that pins it. */
async function fakePackages(fakes: string): Promise<NodePackage[]> {
  const sources = join(fakes, "source", "binding");
  await Deno.mkdir(sources, { recursive: true });
  await Deno.writeTextFile(join(sources, "tfjs_backend.cc"), "static std::set<std::string> ATTR_NAME_SET;\n");
  const tarball = join(fakes, "package.tgz");
  await new Deno.Command("tar", { args: ["-czf", tarball, "-C", fakes, "source"] }).output();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", await Deno.readFile(tarball)));
  const integrity = `sha512-${digest.toBase64()}`;
  return ["package", "headers"].map((folder) => ({ name: folder, version: "1.0.0", integrity, folder }));
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function setUp({ folder, machine, packages }: Fakes, changed: Partial<Machine> = {}): Promise<string> {
  return setUpTensorflow({
    variant: "cpu",
    folder,
    machine: { ...machine, ...changed },
    packages,
    progress: silentProgress,
    tryOut: () => Promise.resolve("TensorFlow 2.21.0 on the CPU"),
  });
}

function testSetup(name: string, run: (fakes: Fakes) => Promise<void>): void {
  Deno.test({ name, ignore, fn: () => withFakes(run) });
}

testSetup("sets up TensorFlow, and does nothing the second time", async (fakes) => {
  assertEquals(await setUp(fakes), `TensorFlow 2.21.0 on the CPU, set up in ${fakes.folder}`);
  assert(isSetUp(fakes.folder));
  const handOver = 'module.exports = globalThis[Symbol.for("prunebound.tfjs")];\n';
  assertEquals(readText(join(fakes.folder, "node_modules/@tensorflow/tfjs/index.js")), handOver);
  assertEquals(fakes.takeCalls(), ["python", "python", "python", "npm", "tar", "npm", "tar", "compiler"]);
  assertEquals(await setUp(fakes), `TensorFlow is set up in ${fakes.folder}`);
  assertEquals(fakes.takeCalls(), []);
});

testSetup("goes on after the last complete stage", async (fakes) => {
  fakes.replace("python", scripts.python.replace('mkdir -p "$4/tensorflow"', "exit 9"));
  await assertRejects(() => setUp(fakes), Error, "Cannot unpack");
  assertEquals(fakes.takeCalls(), ["python", "python", "python"]);
  fakes.replace("python", scripts.python);
  fakes.replace("compiler", "echo 'fatal error: no such file' >&2; exit 1");
  await assertRejects(() => setUp(fakes), Error, "Cannot build the addon as compiler failed: fatal error");
  assertEquals(fakes.takeCalls(), ["python", "python", "npm", "tar", "npm", "tar", "compiler"]);
  assert(!isSetUp(fakes.folder));
  fakes.replace("compiler", scripts.compiler);
  await setUp(fakes);
  assertEquals(fakes.takeCalls(), ["compiler"]);
});

testSetup("builds again when what was built is gone", async (fakes) => {
  await setUp(fakes);
  fakes.takeCalls();
  await Deno.remove(addonFile(fakes.folder));
  await setUp(fakes);
  assertEquals(fakes.takeCalls(), ["compiler"]);
});

testSetup("leaves nothing half done", async (fakes) => {
  const half = scripts.python.replace('echo wheel > "$2/a.whl"', 'echo half > "$2/b.whl"; exit 1');
  fakes.replace("python", half);
  await assertRejects(() => setUp(fakes), Error, "Cannot fetch tensorflow-cpu 2.21.0");
  assertEquals([...Deno.readDirSync(fakes.folder)], []);
});

testSetup("uses an installed TensorFlow that fits", async (fakes) => {
  const installed = join(fakes.folder, "..", "installed");
  for (const path of [...tensorflowLibraries, ...tensorflowHeaders]) {
    await Deno.mkdir(join(installed, path), { recursive: true });
  }
  const found = [{ project: "tensorflow", version: "2.21.1", folder: installed }];
  fakes.replace("python", `echo '${JSON.stringify(found)}'`);
  await setUp(fakes);
  assertEquals(await Deno.realPath(join(fakes.folder, "tensorflow")), await Deno.realPath(installed));
  assertEquals(fakes.takeCalls(), ["python", "npm", "tar", "npm", "tar", "compiler"]);
});

testSetup("an installed TensorFlow without CUDA is none for a machine with a GPU", async (fakes) => {
  const installed = join(fakes.folder, "..", "installed", "tensorflow");
  for (const path of [...tensorflowLibraries, ...tensorflowHeaders]) {
    await Deno.mkdir(join(installed, path), { recursive: true });
  }
  const found = { project: "tensorflow", version: "2.21.1", folder: installed };
  fakes.replace("python", `echo '${JSON.stringify([found])}'`);
  const python = { label: "python", path: fakes.machine.candidates.python[0].path };
  assertEquals(await findInstalled(python, "cuda", false), found);
  assertEquals(await findInstalled(python, "cuda", true), undefined);
  for (const name of ["cublas", "cudnn"]) {
    await Deno.mkdir(join(installed, "..", "nvidia", name, "lib"), { recursive: true });
  }
  assertEquals(await findInstalled(python, "cuda", true), found);
});

testSetup(
  "says in a sentence that there is no compiler, pip or space, or that the platform is another",
  async (fakes) => {
    const missing = { ...fakes.machine.candidates, compiler: [{ label: "g++", path: "/no/such/compiler" }] };
    const cases: [Partial<Machine>, string][] = [
      [{ candidates: missing }, "Cannot set up TensorFlow as it needs a C++ compiler: apt-get install g++"],
      [
        { freeBytes: () => 5e8 },
        "Cannot set up TensorFlow as it needs 1.2 GB of disk space (0.5 GB are free)",
      ],
      [{ os: "darwin" }, "Cannot set up TensorFlow as it needs Linux on x86_64 or aarch64: this is darwin"],
    ];
    for (const [changed, message] of cases) {
      const { message: found } = await assertRejects(() => setUp(fakes, changed), Error, message);
      assert(!found.includes("\n"));
    }
    const withoutPip = join(fakes.folder, "..", "python without pip");
    await Deno.writeTextFile(withoutPip, `#!/bin/sh\n[ "$1" != -m ]\n`, { mode: 0o755 });
    const candidates = { ...fakes.machine.candidates, python: [{ label: "python", path: withoutPip }] };
    const { message } = await assertRejects(() => setUp(fakes, { candidates }), Error);
    assertStringIncludes(message, "needs Python's pip: apt-get install python3-pip");
  },
);

testSetup("says in a sentence that the network is missing", async (fakes) => {
  const failure = 'echo "ERROR: Could not find a version" >&2; exit 1';
  fakes.replace("python", `case "$*" in *download*) ${failure};; *find_spec*) echo "[]";; esac`);
  const { message } = await assertRejects(() => setUp(fakes), Error);
  assertEquals(
    message,
    "Cannot fetch tensorflow-cpu 2.21.0 as python failed (is there a network?): ERROR: Could not find a version",
  );
});

testSetup("says in a sentence that the disk is full when it fills up on the way", async (fakes) => {
  const full = 'echo "OSError: [Errno 28] No space left on device" >&2; exit 1';
  fakes.replace("compiler", full);
  const { message } = await assertRejects(() => setUp(fakes), Error);
  assertEquals(message, "Cannot build the addon as the disk is full");
});

testSetup("an addon with the operations of another version counts as none", async (fakes) => {
  await setUp(fakes);
  const addon = addonFile(fakes.folder);
  await Deno.rename(addon, addon.replace(/-\d+\.node$/, "-1.node"));
  assert(!isSetUp(fakes.folder));
});

testSetup("refuses a package with another checksum", async (fakes) => {
  const packages = fakes.packages.map((wanted) => ({ ...wanted, integrity: "sha512-other" }));
  await assertRejects(() => setUp({ ...fakes, packages }), Error, "its checksum must be sha512-other");
  assert(!isSetUp(fakes.folder));
});

testSetup("the doctor says what is missing and how to get it", async (fakes) => {
  const tryOut = () => Promise.reject(new Error("no", { cause: new Error("libcuda is too old") }));
  const candidates = { ...fakes.machine.candidates, tar: [{ label: "tar", path: "/no/such/tar" }] };
  const before = await diagnose({ ...fakes.machine, candidates, freeBytes: () => 1 }, fakes.folder, tryOut);
  const verdicts = (findings: typeof before) => findings.map(({ name, verdict }) => `${name} ${verdict}`);
  assertEquals(verdicts(before), [
    ...["platform fine", "python fine", "npm fine", "tar missing", "compiler fine"],
    ...["driver note", "disk missing", "engine note"],
  ]);
  assertEquals(before[3].remedy, "apt-get install tar (dnf install tar)");
  await setUp(fakes);
  const after = await diagnose(fakes.machine, fakes.folder, tryOut);
  assertEquals(verdicts(after).at(-1), "engine missing");
  assertStringIncludes(after[after.length - 1].detail, "libcuda is too old");
});

Deno.test("takes an installed TensorFlow of the same minor version only", () => {
  const installed = { project: "tensorflow", version: "2.21.1", folder: "/a" };
  assert(fits(installed, "cuda") && fits(installed, "cpu"));
  assert(!fits({ ...installed, version: "2.20.0" }, "cpu"));
  assert(!fits({ ...installed, version: "2.210.0" }, "cpu"));
  assert(!fits({ ...installed, project: "tensorflow-cpu" }, "cuda"));
});

Deno.test("refuses a source that it does not know how to change", () => {
  assertThrows(() => withNamesPerThread("int main() {}"), Error, "tfjs_backend.cc must contain");
});
