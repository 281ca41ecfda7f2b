/** Many runs, summed up: each model over grammars, N and seeds. */
import { smallestOf } from "../../extremes.ts";
import type { Cell, CurvePoint } from "./cell.ts";

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
  readonly accuracy: Spread | null;
  readonly excessLoss: Spread | null;
  readonly measuredOrder: Spread | null;
  readonly parameters: number | null;
  readonly seconds: Spread | null;
  /** Steps until the loss is nearer to the floor than to the ideal model one character short. */
  readonly understoodAt: Spread | null;
  /** In how many seeds it ever came that far; null for models that are not trained. */
  readonly understood: number | null;
  readonly curve: readonly { step: number; loss: Spread }[];
}

/** One grammar, over all seeds. */
export interface GrammarSummary {
  readonly family: string;
  readonly n: number;
  readonly entropyFloor: number;
  readonly idealLoss: readonly number[];
  readonly idealMembership: readonly number[];
  readonly models: readonly ModelSummary[];
}

/** Sums up runs, grammar by grammar in the order they came. */
export function summarise(cells: readonly Cell[]): GrammarSummary[] {
  const byGrammar = Map.groupBy(cells, ({ options: { grammar, n } }) => `${grammar} ${n}`);
  return [...byGrammar.values()].map((runs) => {
    const { grammar } = runs[0]!.report;
    const roles = runs[0]!.report.models.map(({ name }) => roleOf(name, grammar.n));
    return { ...grammar, models: roles.map((role) => summariseModel(role, runs)) };
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
  return {
    role,
    accuracy: of(({ report }) => report.generated.accuracy),
    excessLoss: of(({ report }) => report.excessLoss),
    measuredOrder: of(({ report }) => report.measuredOrder),
    parameters: found[0]?.report.parameters ?? null,
    seconds: of(({ report }) => report.trainSeconds),
    understoodAt: spread(reached),
    understood: trained.length > 0 ? reached.length : null,
    curve: meanCurve(trained.map(({ curve }) => curve!)),
  };
}

/**
 * The first step at which the loss lies nearer to the floor than to that of the ideal model which
 * sees one character too few; null when it never did.
 */
function understoodAt(
  { report: { grammar: { entropyFloor, idealLoss } } }: Cell,
  curve: readonly CurvePoint[],
): number | null {
  const above = idealLoss.filter((loss) => loss > entropyFloor + 1e-9);
  const bound = (entropyFloor + smallestOf(above)) / 2;
  return curve.find(({ validLoss }) => validLoss < bound)?.step ?? null;
}

/** Where training ended early, the loss of the weights that it kept goes on. */
function meanCurve(curves: readonly (readonly CurvePoint[])[]): { step: number; loss: Spread }[] {
  const longest = curves.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const kept = curves.map((curve) => smallestOf(curve.map(({ validLoss }) => validLoss)));
  return longest.map(({ step }, i) => ({
    step,
    loss: spread(curves.map((curve, seed) => curve[i]?.validLoss ?? kept[seed]!))!,
  }));
}

/** Mean and standard deviation (of the sample, 0 for a single value); null for none. */
export function spread(values: readonly number[]): Spread | null {
  const seeds = values.length;
  if (seeds === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: seeds > 1 ? Math.sqrt(squares / (seeds - 1)) : 0, seeds };
}
