/**
 * Vocabularies as `tokenizer.json`, both ways. Byte-level BPE is GPT-2's own; a vocabulary of
 * characters is a BPE without merges, whose tokens are the characters of the text themselves.
 */
import { CheckpointError } from "../../safetensors/mod.ts";
import {
  addsNothing,
  END_OF_TEXT,
  type Fields,
  fieldsOf,
  readTokenizerJson,
  tokenizerFile,
  writeTokenizerJson,
} from "../../tokenizer/mod.ts";
import { createBpeVocabulary } from "../data/bpe_vocabulary.ts";
import { createVocabulary, type Vocabulary } from "../data/vocabulary.ts";

/** What the model that reads the ids says of them. */
export interface TokenIds {
  /** How many ids the model knows. */
  readonly size: number;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** The `tokenizer.json` of a vocabulary. */
export function writeVocabulary(vocabulary: Vocabulary): string {
  if (vocabulary.tokenizer) return writeTokenizerJson(vocabulary.tokenizer);
  return JSON.stringify(characterTokenizer(vocabulary.characters), null, 2);
}

/** `tokenizer_config.json`: without it `transformers` would take GPT-2's own first cut for granted. */
export function tokenizerFields(contextLength: number): Record<string, unknown> {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    bos_token: END_OF_TEXT,
    eos_token: END_OF_TEXT,
    model_max_length: contextLength,
    clean_up_tokenization_spaces: false, // or blanks before full stops would be lost
  };
}

/**
 * The vocabulary of a `tokenizer.json`.
 *
 * @throws CheckpointError on a tokenizer that is neither byte-level BPE nor one of characters as
 * {@linkcode writeVocabulary} writes it, and on one with more tokens than the model knows
 */
export function readVocabulary(text: string, { size, start, end }: TokenIds): Vocabulary {
  const characters = readCharacters(text);
  if (characters) {
    if (characters.length + 1 === size) return createVocabulary(characters);
    throw new CheckpointError(`expected ${size} tokens, got ${characters.length + 1}`);
  }
  try {
    return createBpeVocabulary(readTokenizerJson(text), { size, start, end });
  } catch (error) {
    throw new CheckpointError((error as Error).message);
  }
}

function characterTokenizer(characters: readonly string[]) {
  return tokenizerFile({
    vocabulary: new Map([END_OF_TEXT, ...characters].map((token, id) => [token, id])),
    merges: [],
    special: new Map([[END_OF_TEXT, 0]]),
    steps: {
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: "Fuse" }, // nothing between the characters
    },
  });
}

/** The characters of a tokenizer that is, field by field, the one of these characters. */
function readCharacters(text: string): string[] | undefined {
  const file = parse(text);
  const vocab = fieldsOf(fieldsOf(file.model).vocab);
  if (fieldsOf(file.decoder).type !== "Fuse") return undefined;
  // subtle: JSON lists digits first, whatever their ids
  const tokens = Object.entries(vocab).sort(([, a], [, b]) => Number(a) - Number(b))
    .map(([token]) => token);
  const characters = tokens.slice(1);
  if (characters.some((character) => [...character].length !== 1)) return undefined;
  const wanted = canonical(cutting(characterTokenizer(characters)));
  return canonical(cutting(file)) === wanted && addsNothing(file.post_processor)
    ? characters
    : undefined;
}

/** The fields that decide how a text is cut; `transformers` also writes down how it last padded. */
function cutting({ added_tokens, normalizer, pre_tokenizer, decoder, model }: Fields): Fields {
  return { added_tokens, normalizer, pre_tokenizer, decoder, model };
}

function parse(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch (error) {
    throw new CheckpointError(`expected JSON, got ${(error as Error).message}`);
  }
}

/** JSON with names in order, for comparison. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  );
}
