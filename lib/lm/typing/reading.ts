/** A text as it is shown: what a model said of it, and what the grammar says. */
import type { Grammar } from "../../grammar/mod.ts";
import { type CharacterAnalysis, judgeCharacters } from "../analysis/characters.ts";
import type { Prediction, Predictor } from "./predictor.ts";
import { onceInWords } from "./words.ts";

/** A prediction of the first `known` characters, and all characters and the end judged. */
export interface Reading {
  /** The language. */
  readonly grammar: Grammar;
  /** What was read. */
  readonly text: string;
  /** What the model says. */
  readonly prediction: Prediction;
  /** Every character and, last, the end. */
  readonly characters: readonly CharacterAnalysis[];
  /** How many characters the model has read: those before the first that is not of the alphabet. */
  readonly known: number;
}

/** Has a text predicted and judged. */
export async function readText(
  text: string,
  { grammar, predict }: { grammar: Grammar; predict: Predictor },
): Promise<Reading> {
  const readable = readablePart(text, grammar);
  const prediction = await predict(readable);
  const own = givenTo(readable, { prediction, grammar });
  const characters = judgeCharacters(text, { grammar, own });
  return { grammar, text, prediction, characters, known: [...readable].length };
}

/** The part of a text before its first character that no model knows. */
function readablePart(text: string, { symbolOf }: Grammar): string {
  const characters = [...text];
  const strange = characters.findIndex((character) => symbolOf(character) === undefined);
  return strange < 0 ? text : characters.slice(0, strange).join("");
}

/** What the model gave each character of the part that it read and, where that is all, the end. */
function givenTo(
  readable: string,
  { prediction: { probabilities }, grammar: { alphabet } }: {
    prediction: Prediction;
    grammar: Grammar;
  },
): number[] {
  const width = alphabet.length + 1;
  const columns = [...Array.from(readable, (character) => alphabet.indexOf(character)), width - 1];
  return columns.map((column, place) => probabilities[place * width + column]!);
}

/** How often the model writes just this string, and how often it is truly written. */
export function chanceInWords({ text, characters, known }: Reading): string {
  if (text === "" || known < characters.length - 1) return "";
  const product = (values: (number | null)[]) =>
    values.reduce<number>((all, value) => all * (value ?? 0), 1);
  const own = product(characters.map(({ model }) => model));
  const truth = product(characters.map(({ truth }) => truth));
  return `The model writes just this ${onceInWords(own)}; truly it comes ${onceInWords(truth)}.`;
}
