/** Many runs, summed up: each model over grammars, N and seeds. */
import { smallestOf } from "../../extremes.ts";
import type { Cell, CellOptions, CurvePoint } from "./cell.ts";

/** A mean over seeds, with its standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly seeds: number;
}

/** A model on one grammar, over all seeds. */
export interface ModelSummary {
  /** The role, comparable between N: `mlp N−1` for `mlp-2` where N is 3. */
  readonly role: string;
  /** The share of right ones among the new strings that it wrote. */
  readonly accuracy: Spread | null;
  /** The share of right ones among all that it could write, where its context is finite and short. */
  readonly exactAccuracy: Spread | null;
  readonly excessLoss: Spread | null;
  readonly measuredOrder: Spread | null;
  readonly parameters: number | null;
  readonly seconds: Spread | null;
  /** Steps until the loss is nearer to the floor than to the ideal model one character short. */
  readonly understoodAt: Spread | null;
  /** In how many seeds it ever came that far; null for models that are not trained. */
  readonly understood: number | null;
  /** For each ideal k-gram above the floor, k = 1, 2, …: when the loss fell below its line. */
  readonly crossings: readonly Crossing[];
  /** The validation loss on the way, as columns; null for models that are not trained. */
  readonly curve: MeanCurve | null;
}

/** When a loss fell below a line. */
export interface Crossing {
  /** In how many seeds it did. */
  readonly seeds: number;
  /** After how many steps, in these; null where it never did. */
  readonly step: Spread | null;
}

/** A learning curve over seeds. */
export interface MeanCurve {
  readonly step: readonly number[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** One grammar, over all seeds. */
export interface GrammarSummary {
  readonly family: string;
  readonly n: number;
  /** How the models were trained; the seeds are 0, 1, … */
  readonly setting: Omit<CellOptions, "grammar" | "n" | "seed" | "models"> & {
    readonly seeds: number;
  };
  readonly entropyFloor: number;
  readonly idealLoss: readonly number[];
  readonly idealMembership: readonly number[];
  readonly models: readonly ModelSummary[];
}

/** Sums up runs, grammar by grammar in the order they came. */
export function summarise(cells: readonly Cell[]): GrammarSummary[] {
  const byGrammar = Map.groupBy(cells, ({ options: { grammar, n } }) => `${grammar} ${n}`);
  return [...byGrammar.values()].map((runs) => {
    const { report, options } = runs[0]!;
    const { grammar: _family, n: _n, seed: _seed, models: _models, ...setting } = options;
    const { family, n, entropyFloor, idealLoss, idealMembership } = report.grammar;
    const roles = report.models.map(({ name }) => roleOf(name, n));
    return {
      ...{ family, n, entropyFloor, idealLoss, idealMembership },
      setting: { ...setting, seeds: runs.length },
      models: roles.map((role) => summariseModel(role, runs)),
    };
  });
}

/** A model's name with its number told from N: `count-2` is `count N−1` where N is 3. */
export function roleOf(name: string, n: number): string {
  const [, kind, number] = /^(count|mlp)-(\d+)$/.exec(name) ?? [];
  if (kind === undefined) return name;
  const short = n - Number(number);
  return `${kind} N${short === 0 ? "" : short > 0 ? `−${short}` : `+${-short}`}`;
}

function summariseModel(role: string, runs: readonly Cell[]): ModelSummary {
  const found = runs.flatMap((run) =>
    run.report.models.filter(({ name }) => roleOf(name, run.options.n) === role)
      .map((report) => ({ run, report, curve: run.curves[report.name] }))
  );
  const of = (pick: (one: typeof found[number]) => number | null | undefined) =>
    spread(found.map(pick).filter((value) => value !== null && value !== undefined));
  const trained = found.filter(({ curve }) => curve !== undefined);
  const steps = trained.map(({ run, curve }) => understoodAt(run, curve!));
  const reached = steps.filter((step) => step !== null);
  const lines = trained.length > 0 ? linesAbove(trained[0]!.run) : [];
  return {
    role,
    accuracy: of(({ report }) => report.generated.accuracy),
    exactAccuracy: of(({ report }) => report.exactAccuracy),
    excessLoss: of(({ report }) => report.excessLoss),
    measuredOrder: of(({ report }) => report.measuredOrder),
    parameters: found[0]?.report.parameters ?? null,
    seconds: of(({ report }) => report.trainSeconds),
    understoodAt: spread(reached),
    understood: trained.length > 0 ? reached.length : null,
    crossings: lines.map((line) => {
      const crossed = trained.map(({ run, curve }) => crossedAt(run, { curve: curve!, line }))
        .filter((step) => step !== null);
      return { seeds: crossed.length, step: spread(crossed) };
    }),
    curve: trained.length > 0 ? meanCurve(trained.map(({ curve }) => curve!)) : null,
  };
}

/** The losses of the ideal models that see too little. */
function linesAbove({ report: { grammar: { entropyFloor, idealLoss } } }: Cell): number[] {
  return idealLoss.filter((loss) => loss > entropyFloor + 1e-9);
}

/**
 * The first step at which the loss lies nearer to the floor than to that of the ideal model which
 * sees one character too few; null when it never did.
 */
function understoodAt(run: Cell, curve: readonly CurvePoint[]): number | null {
  const { entropyFloor } = run.report.grammar;
  return crossedAt(run, { curve, line: (entropyFloor + smallestOf(linesAbove(run))) / 2 });
}

/** The first step at which the loss is below a line; null when it never was. */
function crossedAt(
  run: Cell,
  { curve, line }: { curve: readonly CurvePoint[]; line: number },
): number | null {
  const luck = luckOf(run);
  return curve.find(({ validLoss }) => validLoss - luck < line)?.step ?? null;
}

/** How much harder the validation strings are than strings are on average, by the grammar's own loss. */
function luckOf({ report: { grammar, models } }: Cell): number {
  const loss = models.find(({ name }) => name === "grammar")?.validLoss;
  return typeof loss === "number" ? loss - grammar.entropyFloor : 0;
}

/** Where training ended early, the loss of the weights that it kept goes on. */
function meanCurve(curves: readonly (readonly CurvePoint[])[]): MeanCurve {
  const longest = curves.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const kept = curves.map((curve) => smallestOf(curve.map(({ validLoss }) => validLoss)));
  const losses = longest.map((_, i) =>
    spread(curves.map((curve, seed) => curve[i]?.validLoss ?? kept[seed]!))!
  );
  return {
    step: longest.map(({ step }) => step),
    mean: losses.map(({ mean }) => mean),
    deviation: losses.map(({ deviation }) => deviation),
  };
}

/** Mean and standard deviation (of the sample, 0 for a single value); null for none. */
export function spread(values: readonly number[]): Spread | null {
  const seeds = values.length;
  if (seeds === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: seeds > 1 ? Math.sqrt(squares / (seeds - 1)) : 0, seeds };
}
