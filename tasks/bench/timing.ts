/**
 * Timing in turns: all contestants at the same work, one after the other, again and again.
 *
 * @module
 */
import type { Contestant, Work } from "./contestant.ts";

/** How long to time. */
export interface Patience {
  /** How many turns everybody has. */
  readonly rounds: number;
  /** About how long a turn is; work that takes less is repeated within it. */
  readonly turnMilliseconds: number;
  /** How long all rest before a turn: threads that look out for more work would take a core from whoever is next. */
  readonly restMilliseconds: number;
  /** After so long a contestant with three timings has no more turns. */
  readonly limitMilliseconds: number;
}

/** The fewest timings that have a median worth the name. */
const fewestTimings = 3;

/** The most repetitions within a turn. */
const mostRepetitions = 100;

interface Lane {
  readonly take: (count: number) => Promise<number>;
  readonly count: number;
  readonly times: number[];
  spent: number;
}

/**
 * Times work in turns.
 *
 * @param takers What does the work so many times and says how many milliseconds all of it took.
 * @returns Milliseconds of the work done once: for each taker a time a turn.
 */
export async function timeInTurns(
  takers: readonly ((count: number) => Promise<number>)[],
  { rounds, turnMilliseconds, restMilliseconds, limitMilliseconds }: Patience,
): Promise<number[][]> {
  const lanes: Lane[] = [];
  for (const take of takers) {
    const count = Math.ceil(Math.min(mostRepetitions, turnMilliseconds / await take(1)));
    lanes.push({ take, count, times: [], spent: 0 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      const isDone = lane.spent > limitMilliseconds && lane.times.length >= fewestTimings;
      if (isDone) continue;
      await new Promise((done) => setTimeout(done, restMilliseconds));
      await takeTurn(lane);
    }
  }
  return lanes.map(({ times }) => times);
}

async function takeTurn(lane: Lane): Promise<void> {
  const milliseconds = await lane.take(lane.count);
  lane.times.push(milliseconds / lane.count);
  lane.spent += milliseconds;
}

/** One contestant at some work. */
export function alone(contestant: Contestant, work: Work): (count: number) => Promise<number> {
  return async (count) => (await contestant.take({ ...work, count })).milliseconds;
}

/** Several contestants at the same work at the same time: the time until the last one is done. */
export function together(
  contestants: readonly Contestant[],
  work: Work,
): (count: number) => Promise<number> {
  const prepared = new Set<Contestant>();
  return async (count) => {
    const unprepared = contestants.filter((contestant) => !prepared.has(contestant));
    for (const contestant of unprepared) {
      await contestant.take({ ...work, count: 1 });
      prepared.add(contestant);
    }
    const started = performance.now();
    await Promise.all(contestants.map((contestant) => contestant.take({ ...work, count })));
    return performance.now() - started;
  };
}
