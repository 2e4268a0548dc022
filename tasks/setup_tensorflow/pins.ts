/**
 * What the set-up fetches: versions, sizes and checksums.
 *
 * @module
 */

/** A wheel of the Python package index. */
export interface Wheel {
  /** The name of the project. */
  readonly project: string;
  /** Its version. */
  readonly version: string;
  /** The SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** The size of the file. */
  readonly bytes: number;
}

/** A package of the npm registry. */
export interface NodePackage {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** The SHA-512 of the tarball, as npm writes it. */
  readonly integrity: string;
  /** Where it is unpacked, from the private folder. */
  readonly folder: string;
}

/** Which TensorFlow: the one with CUDA, which runs without a GPU too, or the smaller one without. */
export type Variant = "cuda" | "cpu";

/** The minor version of TensorFlow that the addon is built against. */
export const tensorflowMinorVersion = "2.21";

/** The files of the wheel that matter are the same for every Python: the wheels for this one are taken. */
export const wheelPython = "3.12";

const gpuWheel: Wheel = {
  project: "tensorflow",
  version: "2.21.0",
  sha256: "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
  bytes: 572_611_111,
};

const cpuWheel: Wheel = {
  project: "tensorflow-cpu",
  version: "2.21.0",
  sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
  bytes: 274_000_871,
};

/** There is no separate wheel for this processor, and the only one has no CUDA. */
const armWheel: Wheel = {
  project: "tensorflow",
  version: "2.21.0",
  sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
  bytes: 281_946_471,
};

/** The wheels of TensorFlow by processor, as `Deno.build.arch` has it. */
export const tensorflowWheels: Readonly<Record<string, Readonly<Record<Variant, Wheel>>>> = {
  x86_64: { cuda: gpuWheel, cpu: cpuWheel },
  aarch64: { cuda: armWheel, cpu: armWheel },
};

/** CUDA 12.5 and cuDNN 9.3, what TensorFlow 2.21 was built with, for x86_64. */
export const cudaWheels: readonly Wheel[] = [
  {
    project: "nvidia-cublas-cu12",
    version: "12.5.3.2",
    sha256: "ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b",
    bytes: 363_313_169,
  },
  {
    project: "nvidia-cuda-cupti-cu12",
    version: "12.5.82",
    sha256: "bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953",
    bytes: 13_811_507,
  },
  {
    project: "nvidia-cuda-nvcc-cu12",
    version: "12.5.82",
    sha256: "b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0",
    bytes: 22_468_537,
  },
  {
    project: "nvidia-cuda-nvrtc-cu12",
    version: "12.5.82",
    sha256: "3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd",
    bytes: 24_873_108,
  },
  {
    project: "nvidia-cuda-runtime-cu12",
    version: "12.5.82",
    sha256: "3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115",
    bytes: 895_707,
  },
  {
    project: "nvidia-cudnn-cu12",
    version: "9.3.0.75",
    sha256: "9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d",
    bytes: 577_163_502,
  },
  {
    project: "nvidia-cufft-cu12",
    version: "11.2.3.61",
    sha256: "9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8",
    bytes: 192_524_114,
  },
  {
    project: "nvidia-curand-cu12",
    version: "10.3.6.82",
    sha256: "2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536",
    bytes: 56_309_107,
  },
  {
    project: "nvidia-cusolver-cu12",
    version: "11.6.3.83",
    sha256: "93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b",
    bytes: 130_341_232,
  },
  {
    project: "nvidia-cusparse-cu12",
    version: "12.5.1.3",
    sha256: "016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752",
    bytes: 217_558_979,
  },
  {
    project: "nvidia-nccl-cu12",
    version: "2.27.7",
    sha256: "de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa",
    bytes: 322_546_339,
  },
  {
    project: "nvidia-nvjitlink-cu12",
    version: "12.5.82",
    sha256: "f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212",
    bytes: 21_298_879,
  },
];

/** The Node package, the one dependency of it that is loaded, and the headers of Node's interface for addons. */
export const nodePackages: readonly NodePackage[] = [
  {
    name: "@tensorflow/tfjs-node-gpu",
    version: "4.22.0",
    integrity:
      "sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==",
    folder: "package",
  },
  {
    name: "google-protobuf",
    version: "3.21.4",
    integrity:
      "sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==",
    folder: "node_modules/google-protobuf",
  },
  {
    name: "node-api-headers",
    version: "1.9.0",
    integrity:
      "sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
    folder: "headers",
  },
];
