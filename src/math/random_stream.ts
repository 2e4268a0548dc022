/**
 * Named random streams: one generator a purpose, so that order and parallelism change no draw.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A source of random numbers that is wholly determined by a root seed and a name. */
export class RandomStream {
  readonly #generator: RandomGenerator;

  /** The stream called `name` under the root seed `seed`: its state is the SHA-256 of both. */
  constructor(seed: number, name: string) {
    const digest = createHash("sha256").update(`${seed}/${name}`).digest();
    this.#generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  }

  /** A uniform draw from the open interval (0, 1): the centre of one of 2^52 equal cells, so its logarithm is finite. */
  uniform(): number {
    const high = this.#generator.next() >>> 6;
    const low = this.#generator.next() >>> 6;
    return (high * 2 ** 26 + low + 0.5) * 2 ** -52;
  }

  /** A uniform integer in [0, bound). The bias is below bound / 2^52. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A standard normal draw (Box-Muller, one of the pair, so that no state is kept between calls). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A uniformly random order of 0 .. length - 1 (Fisher-Yates). */
  permutation(length: number): Uint32Array {
    const order = new Uint32Array(length);
    for (let index = 0; index < length; index++) order[index] = index;
    for (let last = length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      const moved = order[last];
      order[last] = order[chosen];
      order[chosen] = moved;
    }
    return order;
  }
}
