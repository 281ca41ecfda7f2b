/** The strings that say most about what a model has not learned. */
import type { Grammar } from "../../grammar/mod.ts";
import { createGrammarModel } from "../models/grammar.ts";
import type { LanguageModel } from "../language_model.ts";
import { stringLogProbabilities } from "./evaluate.ts";
import { type Beginning, searchBeginnings, tokensOf } from "./search.ts";

/** A string that a model writes and should not. */
export interface Mistake {
  /** The string. */
  readonly text: string;
  /** The share of the model's strings that are this one. */
  readonly probability: number;
  /** Where its first mistake stands. */
  readonly position: number;
  /** What is wrong there, in words. */
  readonly reason: string;
  /** Whether it is proved that no wrong string is more probable. */
  readonly proved: boolean;
}

/**
 * The most probable of all strings that a model writes and that break the rule; null where none was
 * found.
 *
 * @param options.most the number of beginnings to look at before giving up the proof
 */
export async function likeliestMistake(
  model: LanguageModel,
  { grammar, most = 20_000 }: { grammar: Grammar; most?: number },
): Promise<Mistake | null> {
  const { end } = model.vocabulary;
  let best: { beginning: Beginning; probability: number } | null = null;
  const least = () => best?.probability ?? 0;
  const { left } = await searchBeginnings(model, {
    grammar,
    most,
    pastMistakes: true,
    enough: least,
    visit: (beginning, row) => {
      if (beginning.state !== undefined && mayEnd(grammar, beginning.state)) return;
      const probability = beginning.probability * Math.exp(row[end]!);
      if (probability > least()) best = { beginning, probability };
    },
  });
  if (best === null) return null;
  const { beginning, probability } = best as { beginning: Beginning; probability: number };
  const text = model.vocabulary.decode(tokensOf(beginning).slice(1));
  const verdict = grammar.check(text);
  if (verdict.valid) throw new Error(`Expected a string that breaks the rule, got ${text}`);
  const { position, reason } = verdict;
  return { text, probability, position, reason, proved: left <= probability };
}

/** `the likeliest wrong string is "abX7", once in 3,400 strings`. */
export function describeMistake({ text, probability, proved }: Mistake): string {
  const which = proved ? "the likeliest wrong string" : "the likeliest wrong string found";
  const quoted = text === "" ? "the empty one" : JSON.stringify(text);
  return `${which} is ${quoted}, once in ${onceIn({ probability })} strings`;
}

/** One in how many strings a mistake is, in two digits: `3,400`. */
export function onceIn({ probability }: Pick<Mistake, "probability">): string {
  return twoDigits(1 / probability);
}

/** A string that a model writes too rarely. */
export interface NeglectedString extends Member {
  /** The share of the model's strings that are this one. */
  readonly probability: number;
}

/** A string of a grammar. */
export interface Member {
  /** The string. */
  readonly text: string;
  /** The share of the grammar's strings that are this one. */
  readonly truth: number;
}

/**
 * Of the strings that the grammar writes most often the one that a model writes most too rarely. (Of all
 * strings there is none: the longer they are, the further both probabilities can be apart.) Null where no
 * member is frequent enough to be found.
 *
 * @param options.among how many of the grammar's most frequent strings are looked at
 * @param options.members the strings themselves, where they are known already
 */
export async function mostNeglected(
  model: LanguageModel,
  { grammar, among = 1000, members }: {
    grammar: Grammar;
    among?: number;
    members?: readonly Member[];
  },
): Promise<NeglectedString | null> {
  return neglectedOf(model, members ?? await frequentMembers(grammar, among));
}

async function neglectedOf(
  model: LanguageModel,
  members: readonly Member[],
): Promise<NeglectedString | null> {
  if (members.length === 0) return null;
  const encoded = members.map(({ text }) => model.vocabulary.encode(text));
  const logarithms = await stringLogProbabilities(model, encoded);
  const shortage = (i: number) => Math.log(members[i]!.truth) - logarithms[i]!;
  const worst = [...members.keys()].reduce((best, i) => shortage(i) > shortage(best) ? i : best, 0);
  return { ...members[worst]!, probability: Math.exp(logarithms[worst]!) };
}

/** How many times more often a neglected string should be written, in two digits: `× 3.2`. */
export function tooRareBy({ truth, probability }: NeglectedString): string {
  return `× ${twoDigits(truth / probability)}`;
}

/** A number in two digits; a very large one by its power of ten: `3,400`, `2·10¹⁰`. */
function twoDigits(value: number): string {
  if (value === Infinity) return "∞";
  if (value < 1e7) return Number(value.toPrecision(2)).toLocaleString("en");
  const [mantissa, exponent] = value.toExponential(1).split("e+");
  const raised = Array.from(exponent!, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `${Number(mantissa)}·10${raised}`;
}

/** The strings that a grammar writes most often, the most frequent first. */
export async function frequentMembers(grammar: Grammar, count: number): Promise<Member[]> {
  const model = createGrammarModel(grammar);
  let found: Member[] = [];
  const least = () => found[count - 1]?.truth ?? 0;
  await searchBeginnings(model, {
    grammar,
    most: 100 * count,
    pastMistakes: false,
    enough: least,
    visit: (beginning, row) => {
      if (!mayEnd(grammar, beginning.state!)) return;
      const truth = beginning.probability * Math.exp(row[model.vocabulary.end]!);
      if (truth <= least()) return;
      found.push({ text: model.vocabulary.decode(tokensOf(beginning).slice(1)), truth });
      found = found.sort((a, b) => b.truth - a.truth).slice(0, count);
    },
  });
  return found;
}

function mayEnd(grammar: Grammar, state: number): boolean {
  return grammar.probabilities(state).at(-1)! > 0;
}
