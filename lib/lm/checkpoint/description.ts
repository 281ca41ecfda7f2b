/** What a saved model says of itself. */
import { CheckpointError, isObject } from "../../safetensors/core.ts";
import { readTokenizerJson, writeTokenizerJson } from "../../tokenizer/mod.ts";
import { createBpeVocabulary } from "../data/bpe_vocabulary.ts";
import { createVocabulary, type Vocabulary } from "../data/vocabulary.ts";
import type { NeuralModel } from "../language_model.ts";
import type { CountModel } from "../models/count_ngram.ts";

/** What `NAME.json` says. */
export interface ModelDescription {
  /** Its name in reports. */
  readonly name: string;
  /** Which architecture it is. */
  readonly architecture: string;
  /** The sizes of the architecture. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The characters of its vocabulary, in the order of their ids. */
  readonly characters?: readonly string[];
  /** Where its tokens are not characters: the `tokenizer.json` that cuts texts into them. */
  readonly tokenizer?: Readonly<Record<string, unknown>>;
}

/** What is saved of a model besides its numbers. */
export function descriptionOf(model: NeuralModel | CountModel): ModelDescription {
  const { name, architecture, config, vocabulary: { characters, tokenizer } } = model;
  return {
    ...{ name, architecture, config },
    ...tokenizer ? { tokenizer: JSON.parse(writeTokenizerJson(tokenizer)) } : { characters },
  };
}

/** What the ids of a described model stand for. */
export function vocabularyOf({ characters = [], tokenizer }: ModelDescription): Vocabulary {
  if (!tokenizer) return createVocabulary(characters);
  try {
    return createBpeVocabulary(readTokenizerJson(JSON.stringify(tokenizer)));
  } catch (error) {
    throw new CheckpointError((error as Error).message);
  }
}

/** Holds what a file says to what a description must have. */
export function checkDescription(parsed: Record<string, unknown>): ModelDescription {
  const { name, architecture, config, characters, tokenizer } = parsed;
  if (typeof name !== "string" || typeof architecture !== "string" || !isObject(config)) {
    throw new CheckpointError("expected a name, an architecture and a config");
  }
  if (isObject(tokenizer)) return { name, architecture, config, tokenizer };
  const isCharacter = (one: unknown) => typeof one === "string" && [...one].length === 1;
  if (!Array.isArray(characters) || !characters.every(isCharacter)) {
    throw new CheckpointError("expected a list of characters");
  }
  return { name, architecture, config, characters };
}
