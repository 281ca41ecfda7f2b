/**
 * Reads strings out of whatever a large language model answers, and is not fooled: code, JSON, prose
 * and the numbers of a list are no strings of the language, however many of their characters are.
 */

/** Why a line is no string. */
export type Rejection = "code" | "JSON" | "prose" | "list number" | "not a list of strings";

/** The strings of an answer, and what else stood in it. */
export interface ParsedAnswer {
  /** In order, doubles kept. */
  readonly strings: string[];
  /** How many lines were no strings, and why. */
  readonly rejected: Partial<Record<Rejection, number>>;
}

/** What is known about the language and the answer. */
export interface ParseOptions {
  /** The characters of the training strings; with them, most lines must be made of these alone. */
  readonly alphabet?: ReadonlySet<string>;
  /** Whether strings may hold blanks; otherwise a line with one inside is prose or code. */
  readonly blanks?: boolean;
  /** Whether the answer was cut off: then its last line is dropped. */
  readonly cut?: boolean;
}

const REASONING = /<(think|thinking|reasoning|thought)>[\s\S]*?(<\/\1>|$)/gi;
const FENCE = /^[ \t]*```[^\n]*\n([\s\S]*?)(?:^[ \t]*```|(?![\s\S]))/gm;
const LIST_ITEM = /^\s*(?:\d{1,4}[.):]|[-*•–])\s+(\S.*)$/;
const LIST_NUMBER = /^\d{1,4}[.):]$/;
const CODE = /[(){};=]|^\s*(def|import|from|for|while|if|else|return|print|class|const|let)\b/;
const JSON_LINE = /^[[\]{}],?$|^"[^"]*"\s*:|^\[".*|.*"\],?$/;
const QUOTES: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["“", "”"],
  ["‘", "’"],
  ["«", "»"],
];

/** A line uses the alphabet when so many of its characters do: a long string may hold a slip. */
const LEAST_KNOWN = 0.9;

/** So many numbers that rise by one, a line each, are those of a list. */
const SHORTEST_COUNTING = 3;

/**
 * The strings in an answer.
 *
 * Code blocks win over what stands around them, list items over bare lines. An answer that is, as a
 * whole, a JSON array of strings is a list, too.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readAnswer } from "./parse.ts";
 *
 * const answer = 'Sure! Here you go:\n1. "abc"\n2. `X9`\nEnjoy!';
 * assertEquals(readAnswer(answer).strings, ["abc", "X9"]);
 * const alphabet = new Set("abc");
 * assertEquals(readAnswer("for a in b:\n  x = a\nab", { alphabet }).strings, []);
 * ```
 */
export function readAnswer(
  answer: string,
  { alphabet, blanks = false, cut = false }: ParseOptions = {},
): ParsedAnswer {
  const text = answer.replace(REASONING, "\n").replaceAll("\r", "");
  const fenced = [...text.matchAll(FENCE)].map((match) => match[1]!);
  const body = fenced.length > 0 ? fenced.join("\n") : text;
  const known = (text: string) => alphabet === undefined ? 1 : shareOver(alphabet, text);
  const lines = arrayOf(body) ?? listOf(body, { cut, fenced: fenced.length > 0 });
  const counting = countingLines(lines);
  const rejected: ParsedAnswer["rejected"] = {};
  const reject = (why: Rejection) => rejected[why] = (rejected[why] ?? 0) + 1;
  const strings = lines.filter((line, i) => {
    const why = counting.has(i) ? "list number" : rejection(line, { blanks, known });
    if (why) reject(why);
    return why === undefined;
  });
  const good = strings.filter((text) => known(text) >= LEAST_KNOWN);
  if (good.length * 2 > lines.length || strings.length === 0) return { strings, rejected };
  strings.forEach(() => reject("not a list of strings"));
  return { strings: [], rejected };
}

/** {@linkcode readAnswer}'s strings alone. */
export function parseAnswer(answer: string, options: ParseOptions = {}): string[] {
  return readAnswer(answer, options).strings;
}

/** The share of a text's characters that the alphabet has. */
function shareOver(alphabet: ReadonlySet<string>, text: string): number {
  const characters = [...text];
  return characters.filter((character) => alphabet.has(character)).length / characters.length;
}

/** The strings of a text that is a JSON array of strings and nothing else. */
function arrayOf(text: string): string[] | undefined {
  if (!/^\s*\[\s*"/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const strings = Array.isArray(value) && value.every((item) => typeof item === "string");
    return strings ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Lines that are not empty, of a list without its marks, in either case without quotes. */
function listOf(body: string, { cut, fenced }: { cut: boolean; fenced: boolean }): string[] {
  const lines = body.split("\n");
  if (cut) lines.pop();
  const full = lines.filter((line) => line.trim() !== "");
  const items = full.map((line) => LIST_ITEM.exec(line)?.[1]).filter((item) => item !== undefined);
  const leastShare = fenced ? 0.5 : 0; // chatter stands outside of code blocks only
  return (items.length > leastShare * full.length ? items : full).map(unquote);
}

/** Why a line is no string, if it is none. */
function rejection(
  line: string,
  { blanks, known }: { blanks: boolean; known: (text: string) => number },
): Rejection | undefined {
  if (line === "") return "prose";
  const blank = /\s/.test(line);
  if (known(line) >= LEAST_KNOWN && (blanks || !blank)) {
    return LIST_NUMBER.test(line) ? "list number" : undefined;
  }
  if (LIST_NUMBER.test(line)) return "list number";
  if (JSON_LINE.test(line)) return "JSON";
  if (blank && blanks) return undefined;
  if (!blank && !/\w[(=]|[(){};]{2}/.test(line)) return undefined; // one character may be wrong
  return CODE.test(line) ? "code" : "prose";
}

/** The places of numbers that rise by one from line to line. */
function countingLines(lines: readonly string[]): Set<number> {
  const places = new Set<number>();
  let start = 0;
  for (let i = 1; i <= lines.length; i++) {
    const rises = /^\d+$/.test(lines[i] ?? "") && Number(lines[i]) === Number(lines[i - 1]) + 1;
    if (rises && /^\d+$/.test(lines[i - 1]!)) continue;
    if (i - start >= SHORTEST_COUNTING) { for (let k = start; k < i; k++) places.add(k); }
    start = i;
  }
  return places;
}

/** A line without blanks at its ends, a comma after a closing quote, and the quotes. */
function unquote(line: string): string {
  const trimmed = line.trim();
  for (const [open, close] of QUOTES) {
    const inner = trimmed.endsWith(`${close},`) ? trimmed.slice(0, -1) : trimmed;
    if (inner.length > 1 && inner.startsWith(open) && inner.endsWith(close)) {
      const between = inner.slice(open.length, inner.length - close.length);
      if (!between.includes(close)) return between; // or it is a key and its value
    }
  }
  return trimmed;
}
