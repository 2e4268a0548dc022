import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { silentProgress } from "../../tasks/data/progress.ts";
import { type PeerOptions, type PeerPrograms, setUpPeers } from "../../tasks/setup_peers.ts";
import { arePeersSetUp } from "../../tasks/setup_peers/folder.ts";
import { needsOf, standInSource, versionScript, writeStandIns } from "../../tasks/setup_peers/stand_ins.ts";

/** Shell scripts in place of the programs: each notes its call and does what the set-up expects of it. */
const scripts: Readonly<Record<keyof PeerPrograms, string>> = {
  python: `
case "$*" in
  *pytorch.py*) echo 'PyTorch 9.9.9'; echo load >> CALLS;;
  *sys.version_info\\[*) echo 'Python 3.11';;
  *sys.exit*|*--version) exit 0;;
  *download*) while [ "$1" != --dest ]; do shift; done; echo wheel > "$2/torch.whl"; echo download >> CALLS;;
  *install*) while [ "$1" != --target ]; do shift; done; mkdir -p "$2/torch/lib"
    echo library > "$2/torch/lib/libtorch.so"; echo install >> CALLS;;
esac`,
  readelf: `
case "$*" in --version) exit 0;; esac
echo readelf >> CALLS
echo ' 0x0001 (NEEDED) Shared library: [libcudart.so.13]'
echo '  7: 0 0 FUNC GLOBAL DEFAULT UND cudaMalloc@libcudart.so.13 (4)'`,
  compiler: `
case "$*" in --version) exit 0;; esac
echo compile >> CALLS
while [ $# -gt 0 ]; do [ "$1" = -o ] && echo library > "$2"; shift; done; true`,
};

interface Fakes {
  readonly options: PeerOptions & { readonly folder: string };
  takeCalls(): string[];
  replace(name: keyof PeerPrograms, script: string): void;
}

function testSetup(name: string, run: (fakes: Fakes) => Promise<void>): void {
  const fn = async (): Promise<void> => {
    const folder = await Deno.makeTempDir();
    try {
      await run(fakesIn(folder));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });
}

function fakesIn(folder: string): Fakes {
  const calls = join(folder, "calls");
  const replace = (name: keyof PeerPrograms, script: string): void =>
    Deno.writeTextFileSync(join(folder, name), `#!/bin/sh\n${script.replaceAll("CALLS", calls)}\n`, {
      mode: 0o755,
    });
  const names = Object.keys(scripts) as (keyof PeerPrograms)[];
  names.forEach((name) => replace(name, scripts[name]));
  const [python, readelf, compiler] = ["python", "readelf", "compiler"].map((name) => {
    return { label: name, path: join(folder, name) };
  });
  const programs = { python, readelf, compiler };
  const machine = { os: "linux", freeBytes: () => 1e12 };
  return {
    options: { folder: join(folder, "private"), progress: silentProgress, programs, ...machine },
    takeCalls: () => {
      const lines = Deno.readTextFileSync(calls).split("\n").filter((line) => line !== "");
      Deno.writeTextFileSync(calls, "");
      return lines;
    },
    replace,
  };
}

testSetup(
  "sets up PyTorch with stand-ins, and does nothing the second time",
  async ({ options, takeCalls }) => {
    const { folder } = options;
    assertEquals(await setUpPeers(options), `PyTorch 9.9.9, set up in ${folder}`);
    assertEquals(takeCalls(), ["download", "download", "install", "readelf", "compile", "load"]);
    const libraries = join(folder, "site-packages", "torch", "lib");
    assertEquals(await Deno.readTextFile(join(libraries, "libcudart.so.13")), "library\n");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["site-packages", "stamps"]);
    assert(arePeersSetUp(folder));
    assertEquals(await setUpPeers(options), `PyTorch is set up in ${folder}`);
    assertEquals(takeCalls(), []);
  },
);

testSetup("goes on after the last complete stage, and leaves nothing half done", async (fakes) => {
  const { options, takeCalls, replace } = fakes;
  replace("compiler", `case "$*" in --version) exit 0;; esac; echo 'fatal error: no such file' >&2; exit 1`);
  await assertRejects(() => setUpPeers(options), Error, "compiler failed: fatal error: no such file");
  assertEquals([...Deno.readDirSync(options.folder)].map(({ name }) => name).sort(), ["stamps", "wheels"]);
  assert(!arePeersSetUp(options.folder));
  takeCalls();
  replace("compiler", scripts.compiler);
  await setUpPeers(options);
  assertEquals(takeCalls(), ["install", "readelf", "compile", "load"]);
});

testSetup("another Python has its own PyTorch", async ({ options, takeCalls, replace }) => {
  await setUpPeers(options);
  takeCalls();
  replace("python", scripts.python.replace("3.11", "3.12"));
  await setUpPeers(options);
  assertEquals(takeCalls()[0], "download");
});

testSetup("elsewhere than on Linux no stand-ins are built", async ({ options, takeCalls }) => {
  await setUpPeers({ ...options, os: "darwin" });
  assertEquals(takeCalls(), ["download", "download", "install", "load"]);
});

testSetup("says in a sentence what is missing", async ({ options, replace }) => {
  const none = { label: "none", path: "/no/such/program" };
  const without = (name: keyof PeerPrograms): PeerOptions => {
    return { ...options, programs: { ...options.programs!, [name]: none } };
  };
  const cases: [PeerOptions, string][] = [
    [without("python"), "Cannot set up PyTorch as it needs Python 3.10 or newer: apt-get install python3"],
    [without("compiler"), "Cannot set up PyTorch as it needs a C compiler: apt-get install gcc"],
    [without("readelf"), "Cannot set up PyTorch as it needs readelf: apt-get install binutils"],
    [
      { ...options, freeBytes: () => 1e9 },
      "it needs 2.5 GB of disk space (1.0 GB are free): free some, or set",
    ],
  ];
  for (const [changed, sentence] of cases) {
    const { message } = await assertRejects(() => setUpPeers(changed), Error, sentence);
    assert(!message.includes("\n"));
  }
  const offline = `*download*) echo 'ERROR: Could not find a version' >&2; exit 1;;\n  *install*)`;
  replace("python", scripts.python.replace(/\*download\*\)[\s\S]*?\*install\*\)/, offline));
  await assertRejects(
    () => setUpPeers(options),
    Error,
    "(is there a network?): ERROR: Could not find a version",
  );
  replace(
    "python",
    scripts.python.replace(`case "$*" in`, `case "$*" in *pip\\ --version) exit 1;; esac\ncase "$*" in`),
  );
  await assertRejects(() => setUpPeers(options), Error, "it needs Python's pip: apt-get install python3-pip");
});

Deno.test("only what is undefined and NVIDIA's is stood in for", () => {
  const { libraries, functions } = needsOf(`
 0x01 (NEEDED)             Shared library: [libcublas.so.13]
 0x01 (NEEDED)             Shared library: [libstdc++.so.6]
   1: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND ncclSend
   2: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND cublasSgemm_v2@libcublas.so.13 (2)
   3: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND malloc@GLIBC_2.2.5 (3)
   4: 0000000000001234    64 FUNC    GLOBAL DEFAULT   12 cudaOfItsOwn
   5: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND cublasSgemm_v2@libcublas.so.13 (2)`);
  assertEquals(libraries, ["libcublas.so.13"]);
  assertEquals([...functions], [["", ["ncclSend"]], ["libcublas.so.13", ["cublasSgemm_v2"]]]);
  const needs = { libraries, functions };
  assertEquals(versionScript(needs), "libcublas.so.13 { cublasSgemm_v2; };\n");
  assertEquals(standInSource(needs).split("\n").length, 3);
});

Deno.test({
  name: "a library that needs one of NVIDIA's loads beside its stand-in",
  ignore: Deno.build.os !== "linux" || !await hasCompiler(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const build = async (source: string, ...options: string[]): Promise<void> => {
      await Deno.writeTextFile(join(folder, "source.c"), source);
      const args = ["-shared", "-fPIC", ...options, join(folder, "source.c"), `-L${folder}`];
      const { success } = await new Deno.Command("cc", { args }).output();
      assert(success);
    };
    const script = join(folder, "versions");
    await Deno.writeTextFile(script, "libcufake.so.1 { cuAnswer; };\n");
    const named = ["-Wl,-soname,libcufake.so.1", `-Wl,--version-script,${script}`];
    await build("int cuAnswer(void) { return 42; }", ...named, "-o", join(folder, "libcufake.so.1"));
    const user = "int cuAnswer(void); int ask(void) { return cuAnswer(); }";
    const linked = ["-Wl,--no-as-needed", "-Wl,-rpath,$ORIGIN", "-o", join(folder, "user.so")];
    await build(user, ...linked, join(folder, "libcufake.so.1"));
    await Deno.remove(join(folder, "libcufake.so.1"));
    const programs = {
      readelf: { label: "readelf", path: "readelf" },
      compiler: { label: "cc", path: "cc" },
    };
    assertEquals(await writeStandIns(folder, programs), ["libcufake.so.1"]);
    const library = Deno.dlopen(join(folder, "user.so"), { ask: { parameters: [], result: "i32" } });
    assertEquals(library.symbols.ask(), 100);
    library.close();
    await Deno.remove(folder, { recursive: true });
  },
});

async function hasCompiler(): Promise<boolean> {
  try {
    return (await new Deno.Command("cc", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
