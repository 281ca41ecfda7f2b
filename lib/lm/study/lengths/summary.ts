/** Runs of a study of lengths, summed up: each model at each place, over seeds. */
import { createGrammar } from "../../../grammar/mod.ts";
import { roleOf, type Spread, spread } from "../summary.ts";
import type { LengthsCell, LengthsModel } from "./cell.ts";

/** Means over seeds at each place, with their standard deviations. */
export interface PlaceSpreads {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** A model on one grammar. */
export interface LengthsModelSummary {
  /** Comparable between N: `mlp N−1` for `mlp-2` where N is 3. */
  readonly role: string;
  readonly parameters: number;
  readonly seeds: number;
  /** Mean KL(P ‖ Q) in nats, at 0, 1, … characters. */
  readonly excess: PlaceSpreads;
  /** The mean share that goes to what must not follow. */
  readonly wrong: readonly number[];
  /** Places before this one are exact in every run, the others drawn … */
  readonly exact: number;
  /** … with this standard error in a run, relative to the mean, at the place where it is largest. */
  readonly relativeError: number;
  /** Mean excess over all places of the untrained and of the shuffled model; null without weights. */
  readonly untrained: Spread | null;
  readonly shuffled: Spread | null;
}

/** One grammar, over all seeds. */
export interface LengthsSummary {
  readonly family: string;
  readonly n: number;
  /** Characters of a training string that were seen at most. */
  readonly longest: number;
  readonly train: number;
  readonly epochs: number;
  /** What an ideal k-gram pays beyond the floor, k = 1, 2, …, on average over strings of any length. */
  readonly idealExcess: readonly number[];
  readonly models: readonly LengthsModelSummary[];
}

/** Sums up runs, grammar by grammar in the order they came. */
export function summariseLengths(cells: readonly LengthsCell[]): LengthsSummary[] {
  const byGrammar = Map.groupBy(cells, ({ options: { grammar, n } }) => `${grammar} ${n}`);
  return [...byGrammar.values()].map((runs) => {
    const { grammar: family, n, longest, train, epochs, models } = runs[0]!.options;
    const grammar = createGrammar(family, n);
    const orders = Array.from({ length: (grammar.minimalOrder() ?? 4) - 1 }, (_, i) => i + 1);
    const floor = grammar.entropyFloor();
    return {
      ...{ family, n, longest, train, epochs },
      idealExcess: orders.map((k) => rounded(grammar.idealLoss(k) - floor)),
      models: models.map((name) =>
        summariseModel(roleOf(name, n), runs.map((run) => requireModel(run, name)))
      ),
    };
  });
}

function requireModel({ models }: LengthsCell, name: string): LengthsModel {
  const found = models.find((model) => model.name === name);
  if (found) return found;
  throw new TypeError(`Expected ${name} in every run, got a run without it`);
}

function summariseModel(role: string, runs: readonly LengthsModel[]): LengthsModelSummary {
  const places = runs[0]!.excess.map((_, t) => spread(runs.map(({ excess }) => excess[t]!))!);
  const errors = runs.flatMap(({ error, excess }) =>
    error.map((value, t) => value === 0 ? 0 : value / excess[t]!)
  );
  const over = (pick: (baselines: NonNullable<LengthsModel["baselines"]>) => number) => {
    const found = spread(runs.flatMap(({ baselines }) => baselines ? [pick(baselines)] : []));
    return found &&
      { ...found, mean: rounded(found.mean), deviation: rounded(found.deviation) };
  };
  return {
    role,
    parameters: runs[0]!.parameters,
    seeds: runs.length,
    excess: {
      mean: places.map(({ mean }) => rounded(mean)),
      deviation: places.map(({ deviation }) => rounded(deviation)),
    },
    wrong: places.map((_, t) => rounded(spread(runs.map(({ wrong }) => wrong[t]!))!.mean)),
    exact: runs.reduce((least, { exact }) => Math.min(least, exact), Infinity),
    relativeError: rounded(errors.reduce((most, error) => Math.max(most, error), 0)),
    untrained: over(({ untrained }) => untrained),
    shuffled: over(({ shuffled }) => shuffled),
  };
}

/** Three digits are more than seeds leave certain, and keep the file small. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The mean excess from one place to before another, over all seeds. */
export function meanExcess(
  { excess: { mean } }: Pick<LengthsModelSummary, "excess">,
  [from, to]: readonly [number, number],
): number {
  const part = mean.slice(from, to);
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}

/** How many times as much, in two digits. */
export function timesAsMuch(far: number, near: number): string {
  return `${Number((far / near).toPrecision(2))}`;
}
