/** What a model has to say to a text that somebody typed, which may be anything. */
import type { Grammar } from "../../grammar/mod.ts";
import { attentionOn } from "../../lm/analysis/attention.ts";
import { analyseCharacters, type CharacterAnalysis } from "../../lm/analysis/characters.ts";
import { predictNext } from "../../lm/judging/predict.ts";
import type { NeuralModel } from "../../lm/language_model.ts";
import type { Reading } from "../protocol.ts";
import { isTransformer } from "./look.ts";

/** Reads a text up to the first character that the model does not know; beyond it nothing is predicted. */
export async function readText(
  model: NeuralModel,
  { text, grammar }: { text: string; grammar: Grammar },
): Promise<Reading> {
  const { vocabulary } = model;
  const known = knownPart(text, vocabulary.characters);
  const read = await analyseCharacters(known, { grammar, model });
  const unread = await analyseCharacters(text, { grammar });
  const characters = unread.map((one, i): CharacterAnalysis => ({
    ...one,
    model: one.character === read[i]?.character ? read[i].model : null,
  }));
  const tokens = [vocabulary.start, ...vocabulary.encode(known)];
  const next = await predictNext(model, [tokens]);
  const fits = tokens.length <= model.longestInput;
  const heads = isTransformer(model) && fits ? await attentionOn(model, known) : null;
  return { characters, next: Array.from(next), heads };
}

/** The part of a text before the first character that is not in the list. */
function knownPart(text: string, characters: readonly string[]): string {
  const all = Array.from(text);
  const end = all.findIndex((character) => !characters.includes(character));
  return all.slice(0, end < 0 ? undefined : end).join("");
}
