import { Command } from "@cliffy/command";
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { initialWeights } from "../../src/network/mlp.ts";
import { encodeSafetensors, inSinglePrecision } from "../../src/network/weights.ts";
import { boundsCommand, printBounds, readNetwork } from "../../tasks/bounds.ts";
import { readOwnData } from "../../tasks/own_data.ts";
import { gzip } from "../fixtures/archives.ts";

const folder = new URL("../fixtures/own_network", import.meta.url).pathname;

/** Calls `work` with `print` in the place of console.log. */
async function loggedTo(print: (line: string) => void, work: () => Promise<unknown>): Promise<void> {
  const log = console.log;
  console.log = print;
  try {
    await work();
  } finally {
    console.log = log;
  }
}

/** What the command prints. */
async function printed(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const command = new Command().name("prunebound").command("bounds", boundsCommand);
  await loggedTo((line) => void lines.push(line), () => command.parse(["bounds", ...args, "--quiet"]));
  return lines.join("\n");
}

async function withFolder(files: Record<string, Uint8Array | string>, work: (path: string) => Promise<void>) {
  const path = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${path}/${name}`, bytes);
    }
    await work(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("a network that PyTorch saved gets its bounds, with its own data in a folder", async () => {
  const network = `${folder}/biased.safetensors`;
  const text = await printed(network, "--data", folder, "--initial", `${folder}/biased_initial.safetensors`);
  for (
    const words of [
      "0.weight (12 x 16), 2.weight (8 x 12), 4.weight (3 x 8), with biases",
      "300 training and 100 test examples, scaling standardised, recognised by the training error",
      "Neyshabur et al. 2015",
      "Assumption 3.1",
      "Lemma C.2",
      "binomial tail",
      "The network has biases",
    ]
  ) {
    assertStringIncludes(text, words);
  }
  assert(!text.includes("No initial weights"));
});

Deno.test("Keras's file gives the tables of PyTorch's, and a named scaling is used", async () => {
  const tables = async (name: string): Promise<string> => {
    const text = await printed(
      `${folder}/${name}.safetensors`,
      "--data",
      folder,
      "--scaling",
      "standardised",
    );
    assertStringIncludes(text, "scaling standardised\n");
    return text.slice(text.indexOf("Bounds for the network"));
  };
  assertEquals(await tables("keras"), await tables("biased"));
});

Deno.test("where names and file leave the order of the layers open, the one taken is said", async () => {
  const network = initialWeights({ inputs: 16, hidden: [8, 8, 8], outputs: 3, bias: false }, 1);
  const file = (...names: string[]) => {
    const tensors = network.layers.map(({ rows, columns, data }, layer) => {
      return [names[layer], { shape: [rows, columns], data: inSinglePrecision(data) }];
    });
    return encodeSafetensors({ tensors: Object.fromEntries(tensors), metadata: {} });
  };
  const files = {
    "words.safetensors": file("one", "two", "three", "zout"),
    "numbers.safetensors": file("in", "h1", "h2", "out"),
  };
  await withFolder(files, async (path) => {
    const words = await printed(`${path}/words.safetensors`, "--data", folder);
    assertStringIncludes(
      words,
      "one (8 x 16), three (8 x 8), two (8 x 8), zout (3 x 8), without biases\nOther orders",
    );
    const numbers = await printed(
      `${path}/numbers.safetensors`,
      "--data",
      folder,
      "--initial",
      `${path}/words.safetensors`,
    );
    const [own, initial, next] = numbers.split("\n");
    assertStringIncludes(own, "in (8 x 16), h1 (8 x 8), h2 (8 x 8), out (3 x 8)");
    assertStringIncludes(initial, "one (8 x 16), three");
    assertStringIncludes(next, "Other orders");
  });
});

Deno.test("on a terminal the tables begin on a line of their own, not behind the progress", async () => {
  let seconds = 0, text = "";
  const write = (part: string): void => void (text += part);
  const options = {
    weights: `${folder}/biased.safetensors`,
    data: folder,
    scaling: "standardised",
    engine: "wasm",
    seed: 1,
    progress: { isTerminal: true, isQuiet: false, now: () => 1000 * seconds++, write },
  } as const;
  await loggedTo((line) => write(`${line}\n`), () => printBounds(options));
  assertMatch(
    text.replaceAll("\r\x1b[K", "<erase>"),
    /<erase>\d+ % done, about \d+ s left<erase>Bounds for the network/,
  );
});

Deno.test("every bad file is one sentence", async () => {
  const files = {
    "archive.pt": "PK\x03\x04...",
    "pickle.pt": Uint8Array.of(0x80, 2, 0, 0),
    "net.h5": Uint8Array.of(0x89, 0x48, 0x44, 0x46),
    "short.safetensors": "abc",
    "cut.safetensors": (await Deno.readFile(`${folder}/plain.safetensors`)).subarray(0, 700),
  };
  const cases: [string, string][] = [
    ["archive.pt", "it is a ZIP archive"],
    ["pickle.pt", "it is a pickle"],
    ["net.h5", "it is an HDF5 file"],
    ["short.safetensors", "shorter than 8 bytes"],
    ["cut.safetensors", "the file was cut or altered"],
    ["none.safetensors", "there is no such file"],
    ["folder.safetensors", "it must be a safetensors file: it is a folder"],
  ];
  await withFolder(files, async (path) => {
    await Deno.mkdir(`${path}/folder.safetensors`);
    for (const [name, reason] of cases) {
      const error = await assertRejects(() => readNetwork(`${path}/${name}`, 16), Error, reason);
      assertStringIncludes(error.message, name);
      assertEquals(error.message.split("\n").length, 1);
    }
  });
  await assertRejects(
    () => readNetwork(`${folder}/plain.safetensors`, 784),
    Error,
    "784 inputs of the data: it takes 16",
  );
});

Deno.test("data in a folder are read packed or not, and a folder without data is refused", async () => {
  const { train, test, scaling } = await readOwnData(folder);
  assertEquals([train.count, train.dimension, test?.count], [300, 16, 100]);
  assertEquals(scaling("unit").scale[0], 1 / 255);
  const images = await Deno.readFile(`${folder}/train-images-idx3-ubyte`);
  const labels = await Deno.readFile(`${folder}/train-labels-idx1-ubyte`);
  await withFolder({ images, labels }, async (path) => {
    const alone = await readOwnData(path);
    assertEquals([alone.train.count, alone.test], [300, undefined]);
  });
  await withFolder({ images: images.subarray(0, 100), labels }, async (path) => {
    await assertRejects(() => readOwnData(path), SyntaxError, `${path}/images`);
  });
  await withFolder({ images }, async (path) => {
    await assertRejects(() => readOwnData(path), Error, `${path}: Cannot use the folder as it must have one`);
  });
  await withFolder({ "README": "" }, async (path) => {
    await assertRejects(() => readOwnData(path), Error, "must have IDX files or CIFAR10's original files");
    await assertRejects(() => readOwnData(`${path}/README`), Error, "there is no such folder");
  });
});

Deno.test("a folder that tools fill with several data sets must be named further, and the one that was read is printed", async () => {
  const files = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
  await withFolder({}, async (path) => {
    for (const place of ["MNIST/raw", "FashionMNIST/raw"]) {
      await Deno.mkdir(`${path}/${place}`, { recursive: true });
      for (const name of files) await Deno.copyFile(`${folder}/${name}`, `${path}/${place}/${name}`);
      if (place === "MNIST/raw") assertEquals((await readOwnData(path)).place, `${path}/MNIST/raw`);
    }
    const both = `IDX files in ${path}/MNIST/raw and IDX files in ${path}/FashionMNIST/raw`;
    await assertRejects(
      () => readOwnData(path),
      Error,
      `Cannot use ${path} as it must have one data set: it has ${both}`,
    );
    const text = await printed(`${folder}/plain.safetensors`, "--data", `${path}/FashionMNIST/raw`);
    assertStringIncludes(text, `\n${path}/FashionMNIST/raw: 300 training and no test examples`);
    await Deno.remove(`${path}/FashionMNIST`, { recursive: true });
    await Deno.writeTextFile(`${path}/data_batch_1.bin`, "");
    await assertRejects(() => readOwnData(path), Error, `and CIFAR10's in ${path}`);
  });
});

Deno.test("a damaged packed file is named, of IDX files as of CIFAR10's", async () => {
  const packed = gzip(new Uint8Array(500)).slice(0, -9);
  const names = ["train-images-idx3-ubyte.gz", "data_batch_1.bin.gz", "cifar-10-binary.tar.gz"];
  for (const name of names) {
    await withFolder({ [name]: packed, "train-labels-idx1-ubyte": "" }, async (path) => {
      if (!name.startsWith("train")) await Deno.remove(`${path}/train-labels-idx1-ubyte`);
      const { message } = await assertRejects(() => readOwnData(path), Error);
      assertStringIncludes(
        message,
        `Cannot unpack ${path}/${name} as it must be a whole and undamaged gzip file`,
      );
    });
  }
});

Deno.test("an empty name is refused, and of a relative one it is said where it was looked for", async () => {
  const network = `${folder}/plain.safetensors`;
  const refused = async (message: string, ...args: string[]): Promise<void> => {
    await assertRejects(() => printed(...args), Error, message);
  };
  const noFolder = "--data must be mnist, cifar10 or a folder: it is empty";
  await assertRejects(() => readOwnData(""), Error, noFolder);
  await assertRejects(() => readNetwork("", 16), Error, "its file must have a name: it is empty");
  const there = "was looked for, as a task's relative paths start at the project's folder";
  await refused(`no such file; ${Deno.cwd()}/no/net ${there}`, "no/net", "--data", folder);
  await refused(`no such folder; ${Deno.cwd()}/no/data ${there}`, network, "--data", "no/data");
  const { message } = await assertRejects(() => readNetwork("/no/net", 16), Error);
  assertEquals(message, "Cannot read /no/net as there is no such file");
});

Deno.test("bounds names the task that may use the tensorflow engine", async () => {
  const root = new URL("../..", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "--quiet",
      "bounds",
      `${folder}/plain.safetensors`,
      "--data",
      folder,
      "--engine",
      "tensorflow",
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assertEquals(code, 1);
  assertStringIncludes(
    new TextDecoder().decode(stderr),
    "`deno task tensorflow bounds net.safetensors --data mnist",
  );
});

Deno.test("what a scaling takes from S is a choice that the certificate pays for", async () => {
  const { train, scalingChoices } = await readOwnData(folder);
  const pixels = train.pixels.length;
  assertEquals(scalingChoices?.("standardised"), [255 * pixels + 1, 65_025 * pixels + 1]);
  assertEquals([scalingChoices?.("unit"), scalingChoices?.("signed")], [[], []]);
});
