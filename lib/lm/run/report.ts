/** The report of a run: what `report.json` holds, and the table on the terminal. */
import { formatTable } from "../../table.ts";
import type { Grammar } from "../../grammar/mod.ts";
import type { InContextCurve } from "../judging/in_context.ts";
import type { Failure, Generated } from "../judging/judge.ts";
import { type LinesOnStrings, linesOnStrings } from "../judging/lines.ts";
import type { AccuracyEstimate } from "../judging/estimate.ts";
import { type Mistake, type NeglectedString, onceIn, tooRareBy } from "../judging/mistake.ts";
import type { TextDescription } from "../text/text_data.ts";
import { type AskedReport, describeAskedModel, isTooFew } from "./asked_report.ts";

/** Everything a run found out; null stands for what is infinite or has no value. */
export interface Report {
  /** Decides every random draw. */
  readonly seed: number;
  /** What computed. */
  readonly backend: string;
  /** What the grammar says of itself, null where a text was learned. */
  readonly grammar: GrammarReport | null;
  /** The text that was learned, if it was one. */
  readonly text?: TextDescription;
  /** Numbers of strings, and of tokens to learn in the training strings. */
  readonly corpus: {
    readonly train: number;
    readonly valid: number;
    readonly test: number;
    readonly tokens: number;
  };
  /** One row a model. */
  readonly models: readonly ModelReport[];
  /** How others learn from the examples that scored large language models were shown. */
  readonly inContext?: readonly InContextCurve[];
}

/** What the grammar says of itself, in nats a token. */
export interface GrammarReport {
  /** Name of the family. */
  readonly family: string;
  /** Its N. */
  readonly n: number;
  /** The loss that no model can beat on average. */
  readonly entropyFloor: number;
  /** Of the ideal k-gram model, k = 1, 2, … */
  readonly idealLoss: readonly number[];
  /** The same two on the very strings that judge: what luck is in them. */
  readonly onTest: LinesOnStrings;
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
  /** In nats a token, on as many training strings as there are test strings. */
  readonly trainLoss: number | null;
  /** In nats a token, on the validation strings, which chose the weights. */
  readonly validLoss: number | null;
  /** In nats a token, on the test strings, as all that follows. */
  readonly testLoss: number | null;
  /** The same of a text in bits for each character: comparable whatever a token is. */
  readonly bitsPerCharacter?: number | null;
  /** Mean KL divergence from the truth, in nats a token. */
  readonly excessLoss: number | null;
  /** The share of members among all strings that it writes, exact where its context is finite. */
  readonly exactAccuracy?: number | null;
  /** Between what that share is proved to lie. */
  readonly accuracyBounds?: { readonly lower: number; readonly upper: number };
  /** Where it is not exact: an estimate, and its standard error. */
  readonly estimatedAccuracy?: AccuracyEstimate | null;
  /** The most probable of its strings that breaks the rule. */
  readonly likeliestMistake?: Mistake | null;
  /** Of the grammar's most frequent strings the one that it writes most too rarely. */
  readonly mostNeglected?: NeglectedString | null;
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
  /** What else is known of a large language model. */
  readonly asked?: AskedReport;
}

/** The row of a model of which nothing became known but why. */
export function failedReport(name: string, problem: string): ModelReport {
  return {
    name,
    ...{ parameters: null, contextLength: null, trainLoss: null, validLoss: null, testLoss: null },
    ...{ excessLoss: null, measuredOrder: null },
    generated: {
      ...{ total: 0, unique: 0, new: 0, valid: 0, unfinished: 0, accuracy: null, ci95: null },
    },
    ...{ trainSeconds: 0, trainTokensPerSecond: null, generateTokensPerSecond: null },
    failures: [],
    problem,
  };
}

/** Where no order suffices, ideal k-gram models are reported up to this k. */
const LAST_IDEAL_ORDER = 6;

/**
 * The grammar's exact answers, up to the order that is enough.
 *
 * @param strings members that judge
 */
export function reportGrammar(grammar: Grammar, strings: readonly string[]): GrammarReport {
  const last = grammar.minimalOrder() ?? LAST_IDEAL_ORDER;
  const orders = Array.from({ length: last }, (_, i) => i + 1);
  return {
    family: grammar.family,
    n: grammar.n,
    entropyFloor: grammar.entropyFloor(),
    idealLoss: orders.map(grammar.idealLoss),
    onTest: linesOnStrings(grammar, { strings, orders }),
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
  const problems = report.models.flatMap((model) => [
    ...model.problem ? [`${model.name}: ${model.problem}`] : [],
    ...describeAskedModel(model),
  ]);
  const mistakes = report.models.flatMap(({ name, likeliestMistake: mistake, mostNeglected }) =>
    mistake || mostNeglected
      ? [[
        shorten(name),
        ...mistake ? [quoted(mistake.text), onceIn(mistake)] : ["–", "–"],
        ...mostNeglected ? [quoted(mostNeglected.text), tooRareBy(mostNeglected)] : ["–", "–"],
      ]]
      : []
  );
  const mistakesTable = formatTable(
    ["model", "likeliest mistake", "once in", "most neglected", "too rare by"],
    mistakes,
  );
  return [reportTitle(report), "", formatTable(head, rows)]
    .concat(mistakes.length > 0 ? ["", mistakesTable] : [])
    .concat(problems.length > 0 ? ["", ...problems] : [])
    .join("\n");
}

/** What the table is about. */
export function reportTitle({ grammar, text }: Pick<Report, "grammar" | "text">): string {
  if (text) return describeText(text);
  if (!grammar) return "";
  const { family, n, entropyFloor, onTest } = grammar;
  return `${family} ${n}: no loss is below ${entropyFloor.toFixed(3)} nats a token on average, ` +
    `${onTest.floor.toFixed(3)} on these strings`;
}

/** What was learned from, in a sentence. */
export function describeText(text: TextDescription): string {
  const count = (value: number) => value.toLocaleString("en");
  const units = text.kind === "lines" ? "lines" : "tokens";
  const left = text.leftOut > 0 ? `, ${count(text.leftOut)} lines left out` : "";
  const taught = text.taught === undefined ? "" : ` learned from ${count(text.taught)} characters`;
  const kind = text.tokenizer === "bpe" ? `byte pairs${taught}` : "characters and the end";
  return `${text.file}: ${count(text.characters)} characters, ${count(text.train)} ${units} to ` +
    `learn, ${count(text.valid)} to choose the weights and ${
      count(text.test)
    } to judge by${left}; ` +
    `${count(text.vocabulary)} tokens (${kind})`;
}

/** A table's head and rows. */
export interface Table {
  head: string[];
  rows: (string | number)[][];
}

/** A column: its head, and a model's cell in it. */
type Column = readonly [head: string, cell: (model: ModelReport) => string | number];

/** A row for each model. */
export function reportTable({ grammar, models }: Pick<Report, "grammar" | "models">): Table {
  const columns = [...known, ...grammar ? judgedByGrammar : judgedByText, time];
  return {
    head: columns.map(([head]) => head),
    rows: models.map((model) => columns.map(([, cell]) => cell(model))),
  };
}

/** Of strings from elsewhere hardly anything is known: then a cell is a dash. */
const orDash = (known: keyof ModelReport, cell: Column[1]): Column[1] => (model) =>
  model.parameters === null && model[known] === null ? "–" : cell(model);

const known: readonly Column[] = [
  ["model", ({ name }) => shorten(name)],
  ["weights", ({ parameters }) => parameters ?? "–"],
  ["context", orDash("contextLength", ({ contextLength }) => contextLength ?? "∞")],
  ["loss", orDash("testLoss", ({ testLoss }) => testLoss?.toFixed(3) ?? "∞")],
];

const judgedByGrammar: readonly Column[] = [
  [
    "excess",
    orDash(
      "excessLoss",
      ({ excessLoss }) => excessLoss?.toFixed(4).replace(/^-(?=0\.0+$)/, "") ?? "∞",
    ),
  ],
  ["order", ({ measuredOrder }) => measuredOrder ?? "–"],
  ["accuracy in %", (model) => isTooFew(model) ? "too few" : accuracyWithInterval(model.generated)],
  ["new", ({ generated }) => generated.new],
];

const judgedByText: readonly Column[] = [
  ["bits/char", ({ bitsPerCharacter }) => bitsPerCharacter?.toFixed(3) ?? "∞"],
  ["new", ({ generated }) => newShare(generated)],
];

const time: Column = [
  "time",
  ({ trainSeconds }) => `${trainSeconds.toFixed(trainSeconds < 100 ? 1 : 0)} s`,
];

/** A string of a table of 80 columns, in quotes. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 16 ? `${text.slice(0, 15)}…` : text);
}

/** Names from elsewhere may be long, and the table has 80 columns. */
function shorten(name: string): string {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}

/** A share as per cent with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** An interval of shares as per cent, joined by a dash. */
export function formatInterval(interval: Generated["ci95"], dash = "–"): string {
  return interval?.map((share) => (100 * share).toFixed(1)).join(dash) ?? "–";
}

/** The share of right strings as per cent, and its interval. */
function accuracyWithInterval({ accuracy, ci95 }: Generated): string {
  return accuracy === null ? "–" : `${(100 * accuracy).toFixed(1)} (${formatInterval(ci95)})`;
}

/** How much of what was written is not in the text. */
export function newShare({ new: fresh, unique }: Generated): string {
  return unique === 0 ? "–" : `${(100 * fresh / unique).toFixed(0)} %`;
}
