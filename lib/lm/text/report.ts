/** The report of a run on a text: the shape of any run's, with `grammar` null. */
import { formatTable } from "../../command/mod.ts";
import type { Generated } from "../judging/judge.ts";
import type { ModelReport, Report } from "../run/report.ts";
import type { TextDescription } from "../data/text.ts";

/** What a run on a text found out; null stands for what is infinite or has no value. */
export interface TextReport extends Omit<Report, "grammar" | "models"> {
  /** A text has no grammar. */
  readonly grammar: null;
  /** What was learned from. */
  readonly text: TextDescription;
  /** A row for each model. */
  readonly models: readonly TextModelReport[];
}

/** What became of one model. */
export interface TextModelReport extends Omit<ModelReport, "generated" | "parameters"> {
  /** Number of learned (or counted) numbers. */
  readonly parameters: number;
  /** The loss on unseen text, in bits for each character: comparable whatever a token is. */
  readonly bitsPerCharacter: number | null;
  /** Of the lines (or of passages of a continuous text) that it wrote; none is right or wrong. */
  readonly generated: Omit<Generated, "valid"> & { readonly valid: null };
}

/** What was written, counted. */
export function countPieces(
  pieces: readonly string[],
  { known, unfinished }: { known: ReadonlySet<string>; unfinished: number },
): TextModelReport["generated"] {
  const different = new Set(pieces);
  return {
    total: pieces.length,
    unique: different.size,
    new: different.difference(known).size,
    valid: null,
    unfinished,
    accuracy: null,
    ci95: null,
  };
}

/** The report as text for a terminal of 80 columns. */
export function formatTextReport({ text, models }: TextReport): string {
  const head = ["model", "weights", "sees", "loss", "bits/char", "new", "time"];
  const rows = models.map((model) => [
    model.name,
    model.parameters,
    model.contextLength ?? "∞",
    model.validLoss?.toFixed(3) ?? "∞",
    model.bitsPerCharacter?.toFixed(3) ?? "∞",
    share(model.generated),
    `${model.trainSeconds.toFixed(model.trainSeconds < 100 ? 1 : 0)} s`,
  ]);
  return [describeText(text), "", formatTable(head, rows)].join("\n");
}

/** What was learned from, in a sentence. */
export function describeText(text: TextDescription): string {
  const count = (value: number) => value.toLocaleString("en");
  const units = text.kind === "lines" ? "lines" : "tokens";
  const left = text.leftOut > 0 ? `, ${count(text.leftOut)} lines left out` : "";
  const kind = text.tokenizer === "bpe" ? "byte pairs" : "characters and the end";
  return `${text.file}: ${count(text.characters)} characters, ${count(text.train)} ${units} to ` +
    `learn and ${count(text.valid)} to judge by${left}; ${count(text.vocabulary)} tokens (${kind})`;
}

/** How much of what was written is not in the text. */
export function share({ new: fresh, unique }: TextModelReport["generated"]): string {
  return unique === 0 ? "–" : `${(100 * fresh / unique).toFixed(0)} %`;
}
