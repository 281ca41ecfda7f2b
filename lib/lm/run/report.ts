/** The report of a run: what `report.json` holds, and the table on the terminal. */
import { formatTable } from "../../command/mod.ts";
import type { Grammar } from "../../grammar/mod.ts";
import type { Failure, Generated } from "../judging/judge.ts";

/** Everything a run found out; null stands for what is infinite or has no value. */
export interface Report {
  /** Decides every random draw. */
  readonly seed: number;
  /** What computed. */
  readonly backend: string;
  /** What the grammar says of itself. */
  readonly grammar: GrammarReport;
  /** Numbers of strings, and of tokens to learn in the training strings. */
  readonly corpus: { readonly train: number; readonly valid: number; readonly tokens: number };
  /** One row a model. */
  readonly models: readonly ModelReport[];
}

/** What the grammar says of itself, in nats a token. */
export interface GrammarReport {
  /** Name of the family. */
  readonly family: string;
  /** Its N. */
  readonly n: number;
  /** The loss that no model can beat. */
  readonly entropyFloor: number;
  /** Of the ideal k-gram model, k = 1, 2, … */
  readonly idealLoss: readonly number[];
  /** Share of members among the strings of the same models. */
  readonly idealMembership: readonly number[];
}

/** What became of one model. */
export interface ModelReport {
  /** As on the command line. */
  readonly name: string;
  /** Null where it is not known (strings from elsewhere). */
  readonly parameters: number | null;
  /** Null when it is infinite, or not known. */
  readonly contextLength: number | null;
  /** In nats a token, on as many training strings as there are validation strings. */
  readonly trainLoss: number | null;
  /** In nats a token, on the validation strings. */
  readonly validLoss: number | null;
  /** Mean KL divergence from the truth, in nats a token. */
  readonly excessLoss: number | null;
  /** One more than the past characters that the loss proves to be used, see `measuredOrder`. */
  readonly measuredOrder: number | null;
  /** What its strings are worth. */
  readonly generated: Generated;
  /** Wall time of training or counting. */
  readonly trainSeconds: number;
  /** Null for models that do not learn. */
  readonly trainTokensPerSecond: number | null;
  /** Null where strings came from elsewhere. */
  readonly generateTokensPerSecond: number | null;
  /** Some strings that broke the rule. */
  readonly failures: readonly Failure[];
  /** Why a model that was asked wrote less than wanted. */
  readonly problem?: string;
}

/** Where no order suffices, ideal k-gram models are reported up to this k. */
const LAST_IDEAL_ORDER = 6;

/** The grammar's exact answers, up to the order that is enough. */
export function reportGrammar(grammar: Grammar): GrammarReport {
  const last = grammar.minimalOrder() ?? LAST_IDEAL_ORDER;
  const orders = Array.from({ length: last }, (_, i) => i + 1);
  return {
    family: grammar.family,
    n: grammar.n,
    entropyFloor: grammar.entropyFloor(),
    idealLoss: orders.map(grammar.idealLoss),
    idealMembership: orders.map(grammar.idealMembership),
  };
}

/** The number, or null where JSON has none: for losses of what was deemed impossible. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The report as text for a terminal of 80 columns. */
export function formatReport(report: Report): string {
  const { head, rows } = reportTable(report);
  const problems = report.models.flatMap(({ name, problem }) =>
    problem ? [`${name}: ${problem}`] : []
  );
  return [
    ...[reportTitle(report), "", formatTable(head, rows)],
    ...problems.length > 0 ? ["", ...problems] : [],
  ].join("\n");
}

/** What the table is about. */
export function reportTitle({ grammar: { family, n, entropyFloor } }: Report): string {
  return `${family} ${n}: on average no loss is below ${entropyFloor.toFixed(3)} nats a token`;
}

/** A row for each model. */
export function reportTable(
  { models }: Report,
): { head: string[]; rows: (string | number)[][] } {
  const head = ["model", "weights", "sees", "loss", "excess", "order", "accuracy", "95 %"];
  const rows = models.map((model) => [
    shorten(model.name),
    ...formatModel(model),
    ...formatAccuracy(model.generated),
    model.generated.new,
    `${model.trainSeconds.toFixed(model.trainSeconds < 100 ? 1 : 0)} s`,
  ]);
  return { head: [...head, "new", "time"], rows };
}

/** Weights, context and losses; of strings from elsewhere none of them is known. */
function formatModel(model: ModelReport): (string | number)[] {
  if (model.parameters === null) return ["–", "–", "–", "–", "–"];
  return [
    model.parameters,
    model.contextLength ?? "∞",
    model.validLoss?.toFixed(3) ?? "∞",
    model.excessLoss?.toFixed(4) ?? "∞",
    model.measuredOrder ?? "–",
  ];
}

/** Names from elsewhere may be long, and the table has 80 columns. */
function shorten(name: string): string {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}

function formatAccuracy({ accuracy, ci95 }: Generated): string[] {
  if (accuracy === null || ci95 === null) return ["–", "–"];
  const [low, high] = ci95.map((share) => (100 * share).toFixed(1));
  return [`${(100 * accuracy).toFixed(1)} %`, `${low}–${high}`];
}
