/** What is known of a large language model that was asked, and in lines for a terminal. */
import type { AskMode } from "../../chat/mod.ts";
import { type AskedStrings, FEWEST_NEW } from "../judging/asked_strings.ts";
import type { InContextPoint } from "../judging/in_context.ts";
import type { Generated } from "../judging/judge.ts";

/** What is known of a large language model besides its strings' worth. */
export interface AskedReport extends AskedStrings {
  /** How it was asked; null when it did not answer. */
  readonly mode: AskMode | null;
  /** Strings shown in each request. */
  readonly examples: number;
  /** The model's name as the server gives it. */
  readonly served: string | null;
  /** Temperature 1 and all of the model's probabilities, as far as the server takes orders. */
  readonly sampling: {
    readonly temperature: 1;
    readonly topP: 1;
    /** Null where the server refused to be told and may truncate by its own. */
    readonly topK: 0 | null;
    readonly minP: 0 | null;
  };
  /** The beginnings of its first answers, as they came. */
  readonly excerpts: readonly string[];
  /** How far from the truth it is after so many examples; empty where it cannot be scored. */
  readonly curve: readonly InContextPoint[];
  /** How strings were written for it, or why it could not be scored (any further). */
  readonly scoring: { readonly spelling: string | null; readonly problem: string | null };
}

/** A row of the report, as far as it matters here. */
interface Row {
  readonly name: string;
  readonly generated: Generated;
  readonly asked?: AskedReport;
}

/** Whether a large language model wrote too few new strings for a share of right ones to mean anything. */
export function isTooFew({ asked, generated }: Row): boolean {
  return asked !== undefined && generated.new < FEWEST_NEW;
}

/** How it was asked, what it wrote, and how far from the truth it is. */
export function describeAskedModel({ name, asked, generated }: Row): string[] {
  if (!asked) return [];
  if (asked.mode === null) return asked.curve.length > 0 ? [`${name}:`, scoreLine(asked)] : [];
  const { mode, examples, served, sampling, parsed, copied, meanLength, trueMeanLength } = asked;
  const how = mode === "completion" ? "continued lists" : "answered chats";
  const truncated = sampling.topK === null ? ", perhaps truncated by the server" : "";
  const known = served !== null && served !== name ? ` as ${served}` : "";
  const rejected = Object.entries(asked.rejected).map(([why, count]) => `${count} of ${why}`);
  return [
    `${name}${known}: ${how} of ${examples} examples at temperature 1${truncated};`,
    `  ${parsed} strings read, ${copied} copied, ${generated.new} new` +
    (rejected.length > 0 ? `; no strings: ${rejected.join(", ")}` : ""),
    ...(meanLength === null ? [] : [
      `  mean length ${meanLength.toFixed(1)}, truly ${trueMeanLength.toFixed(1)}` +
      `; right by length: ${byLength(asked.byLength)}`,
    ]),
    scoreLine(asked),
  ];
}

function byLength(groups: AskedReport["byLength"]): string {
  return groups.map(({ from, to, new: fresh, valid }) =>
    `${lengths({ from, to })}: ${valid} of ${fresh}`
  ).join(", ");
}

/** Lengths of a group, such as 3–4. */
export function lengths({ from, to }: { from: number; to: number | null }): string {
  if (to === null) return `${from} and more`;
  return from === to ? `${from}` : `${from}–${to}`;
}

function scoreLine({ curve, scoring }: AskedReport): string {
  const points = curve.map(({ examples, excessLoss }) => `${examples}: ${excessLoss.toFixed(3)}`);
  const strings = curve.at(-1)?.strings; // those that its context has room for
  const scored = points.length > 0
    ? `excess on ${strings} strings after so many examples ${points.join(", ")}`
    : "";
  const problem = scoring.problem === null
    ? ""
    : `not scored${points.length > 0 ? " further" : ""}: ${scoring.problem}`;
  return `  ${[scored, problem].filter((part) => part !== "").join("; ")}`;
}
