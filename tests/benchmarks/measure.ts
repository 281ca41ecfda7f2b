/** Timing contestants against each other on a machine whose speed changes by the second. */

/** Something that can be repeated and timed. */
export interface Contestant {
  name: string;
  /** Does the work `repeat` times; resolves to the seconds that took. */
  run(repeat: number): Promise<number>;
}

/** Seconds for one repetition. */
export interface Timing {
  /** 10th percentile: what the machine does in its fast phases. */
  fast: number;
  median: number;
  samples: number;
}

/**
 * Times contestants in turns, so that slow and fast phases of the machine meet all of them. Each gets
 * about `seconds` of time, and at least three samples.
 */
export async function measure(
  contestants: readonly Contestant[],
  { seconds, sampleSeconds = 0.02 }: { seconds: number; sampleSeconds?: number },
): Promise<Map<string, Timing>> {
  const entries = [];
  for (const contestant of contestants) {
    entries.push({
      contestant,
      repeat: await chooseRepeat(contestant, sampleSeconds),
      spent: 0,
      samples: [] as number[],
    });
  }
  for (;;) {
    const due = entries.filter(({ spent, samples }) => spent < seconds || samples.length < 3);
    if (due.length === 0) break;
    for (const entry of due) {
      const taken = await entry.contestant.run(entry.repeat);
      entry.spent += taken;
      entry.samples.push(taken / entry.repeat);
    }
  }
  return new Map(entries.map(({ contestant, samples }) => [contestant.name, summary(samples)]));
}

/** How often to repeat so that a sample lasts long enough to time; warms up on the way. */
async function chooseRepeat({ run }: Contestant, sampleSeconds: number): Promise<number> {
  for (let repeat = 1;; repeat *= 2) {
    const taken = await run(repeat);
    if (taken >= sampleSeconds) return Math.max(1, Math.ceil(repeat * sampleSeconds / taken));
  }
}

function summary(samples: number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    fast: quantile(sorted, 0.1),
    median: quantile(sorted, 0.5),
    samples: sorted.length,
  };
}

/** The value below which a share of sorted samples lies, interpolated between neighbours. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
