"""Times PyTorch's training step and matrix product for `deno task bench`.

Usage: python3 pytorch.py SITE_PACKAGES (--version | default | fused)

With an optimiser named, it writes a line of JSON about itself, then answers each line of JSON on standard input, a turn
(`contestant.ts` documents both), with one on standard output. The network is the one of the experiments: linear layers
without bias unless the turn asks for it, ReLU between them, cross-entropy, Adam.
"""

import json
import os
import sys
import time
import warnings

sys.path.insert(0, sys.argv[1])
warnings.filterwarnings("ignore", message="Failed to initialize NumPy")

import torch  # noqa: E402 (the folder has to be known first)

# As TensorFlow does: after some hundred steps on few examples gradients and moments are denormal numbers, which slow the
# processor down. Threads that are started later take this over.
torch.set_flush_denormal(True)

LABEL = f"PyTorch {torch.__version__.split('+')[0]}"
BATCHES = 4


class Training:
    """A network in training on random examples."""

    def __init__(self, shape, is_fused):
        generator = torch.Generator().manual_seed(1)
        inputs, width, self.size = shape["inputs"], shape["width"], shape["batch"]
        self.network = network_of([inputs] + 4 * [width] + [10], shape.get("bias", False))
        options = {"fused": True} if is_fused else {}
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=0.001, **options)
        images = torch.rand(BATCHES, self.size, inputs, generator=generator) * 2 - 1
        labels = torch.randint(0, 10, (BATCHES, self.size), generator=generator)
        self.batches = list(zip(images, labels))
        self.step_count = 0

    def step(self):
        images, labels = self.batches[self.step_count % BATCHES]
        self.step_count += 1
        self.optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(self.network(images), labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def train(self, count):
        for _ in range(count):
            loss = self.step()
        return loss.item()


def network_of(widths, bias):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs, bias=bias), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class Product:
    """The product of two matrices."""

    def __init__(self, shape):
        self.a = torch.randn(shape["rows"], shape["depth"])
        self.b = torch.randn(shape["depth"], shape["columns"])

    def train(self, count):
        for _ in range(count):
            product = torch.mm(self.a, self.b)
        return product[0, 0].item()


def made(turn, is_fused):
    return Training(turn["shape"], is_fused) if turn["kind"] == "step" else Product(turn["shape"])


def milliseconds(work, count):
    started = time.perf_counter()
    work.train(count)
    return 1000 * (time.perf_counter() - started)


def answer_all(is_fused):
    """What is timed stays as long as the turns are about it."""
    present, work = None, None
    for line in sys.stdin:
        turn = json.loads(line)
        if present != (turn["kind"], turn["shape"]):
            present, work = (turn["kind"], turn["shape"]), made(turn, is_fused)
            work.train(2)
        print(json.dumps({"milliseconds": milliseconds(work, turn["count"])}), flush=True)


def has_tile_registers():
    """Whether the processor has AMX for bfloat16, as Linux says: PyTorch takes them for that type alone."""
    try:
        with open("/proc/cpuinfo") as file:
            return "amx_bf16" in file.read()
    except OSError:
        return False


def main():
    if sys.argv[2] == "--version":
        print(LABEL)
        return
    torch.set_num_threads(os.cpu_count())
    is_fused = sys.argv[2] == "fused"
    label = f"{LABEL}, Adam {'fused' if is_fused else 'default'}"
    has_wide_vectors = torch.backends.cpu.get_cpu_capability() == "AVX512"
    introduction = {"label": label, "hasWideVectors": has_wide_vectors, "hasTileRegisters": has_tile_registers()}
    print(json.dumps(introduction), flush=True)
    answer_all(is_fused)


main()
