/**
 * Reads strings out of whatever a large language model answers: code blocks, JSON, numbered or
 * bulleted lists, quotes, and chatter and reasoning around them.
 */

const REASONING = /<(think|thinking|reasoning|thought)>[\s\S]*?(<\/\1>|$)/gi;
const FENCE = /^[ \t]*```[^\n]*\n([\s\S]*?)(?:^[ \t]*```|(?![\s\S]))/gm;
const LIST_ITEM = /^\s*(?:\d{1,4}[.):]|[-*•–])\s+(\S.*)$/;
const QUOTES: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["“", "”"],
  ["‘", "’"],
  ["«", "»"],
];

/**
 * The strings in an answer, in order, doubles kept.
 *
 * Code blocks win over JSON arrays, those over list items, those over bare lines, so that chatter
 * around the better form is not read. Where the language has no blanks (`blanks` false), a line
 * with a blank inside is chatter. `cut` says that the answer was cut off: its last line is dropped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAnswer } from "./parse.ts";
 *
 * assertEquals(parseAnswer('Sure! Here you go:\n1. "abc"\n2. `X9`\nEnjoy!'), ["abc", "X9"]);
 * ```
 */
export function parseAnswer(
  answer: string,
  { blanks = false, cut = false }: { blanks?: boolean; cut?: boolean } = {},
): string[] {
  const text = answer.replace(REASONING, "\n").replaceAll("\r", "");
  const fenced = [...text.matchAll(FENCE)].map((match) => match[1]!);
  const body = fenced.length > 0 ? fenced.join("\n") : text;
  const json = stringsOfJson(body);
  if (json) return json.filter((sample) => acceptable(sample, blanks));
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  if (cut) lines.pop();
  const items = lines.map((line) => LIST_ITEM.exec(line)?.[1]).filter((item) => item !== undefined);
  const leastShare = fenced.length > 0 ? 0.5 : 0; // chatter stands outside of code blocks only
  const chosen = items.length > leastShare * lines.length ? items : lines;
  return chosen.map(unquote).filter((sample) => acceptable(sample, blanks));
}

/** The strings of the first JSON array in a text, or nothing. */
function stringsOfJson(text: string): string[] | undefined {
  const begin = text.indexOf("[");
  const end = text.lastIndexOf("]");
  if (begin < 0 || end <= begin) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(begin, end + 1));
    if (!Array.isArray(value)) return undefined;
    const strings = value.filter((item): item is string => typeof item === "string");
    return strings.length > 0 ? strings : undefined;
  } catch {
    return undefined; // brackets may as well be the samples themselves
  }
}

/** A line without blanks at its ends, a comma after a closing quote, and the quotes. */
function unquote(line: string): string {
  const trimmed = line.trim();
  for (const [open, close] of QUOTES) {
    const inner = trimmed.endsWith(`${close},`) ? trimmed.slice(0, -1) : trimmed;
    if (inner.length > 1 && inner.startsWith(open) && inner.endsWith(close)) {
      return inner.slice(open.length, inner.length - close.length);
    }
  }
  return trimmed;
}

function acceptable(sample: string, blanks: boolean): boolean {
  return sample !== "" && (blanks || !/\s/.test(sample));
}
