/** Tokenizers as the `tokenizer.json` that Hugging Face `tokenizers` writes and reads. */
import { type BpeTokenizer, createBpeTokenizer } from "./bpe.ts";

/** What differs between the tokenizers that we write. */
export interface TokenizerParts {
  /** Each token's id, special ones among them. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Merged pairs, in the order they were learned. */
  readonly merges: BpeTokenizer["merges"];
  /** Special tokens. */
  readonly special: ReadonlyMap<string, number>;
  /** The first cut, what is done after encoding, and how tokens become text again. */
  readonly steps: { pre_tokenizer: unknown; post_processor: unknown; decoder: unknown };
}

/** The fields of `tokenizer.json` for a BPE. */
export function tokenizerFile(
  { vocabulary, merges, special, steps }: TokenizerParts,
): Record<string, unknown> {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...special].map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    ...steps,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
  };
}

/** The file of a byte-level BPE tokenizer. */
export function writeTokenizerJson({ vocabulary, merges, special }: BpeTokenizer): string {
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  };
  const file = tokenizerFile({
    vocabulary: new Map([...vocabulary, ...special]),
    ...{ merges, special },
    steps: {
      pre_tokenizer: byteLevel,
      post_processor: { ...byteLevel, trim_offsets: false },
      decoder: byteLevel,
    },
  });
  return JSON.stringify(file, null, 2);
}

/**
 * Reads a `tokenizer.json` of a byte-level BPE tokenizer that cuts words as GPT-2 does.
 *
 * @throws Error naming the field that cannot be honoured, when it is any other tokenizer
 */
export function readTokenizerJson(text: string): BpeTokenizer {
  const file = parse(text);
  const model = fieldsOf(file.model);
  const cut = fieldsOf(file.pre_tokenizer);
  expect(model.type, ["BPE"], "model.type");
  expect(model.dropout ?? null, [null, 0], "model.dropout");
  expect(model.continuing_subword_prefix ?? "", [""], "model.continuing_subword_prefix");
  expect(model.end_of_word_suffix ?? "", [""], "model.end_of_word_suffix");
  expect(model.ignore_merges ?? false, [false], "model.ignore_merges");
  expect(model.byte_fallback ?? false, [false], "model.byte_fallback");
  expect(file.normalizer ?? null, [null], "normalizer");
  expect(cut.type, ["ByteLevel"], "pre_tokenizer.type");
  expect(cut.add_prefix_space, [false], "pre_tokenizer.add_prefix_space");
  expect(cut.use_regex ?? true, [true], "pre_tokenizer.use_regex");
  expect(fieldsOf(file.decoder).type, ["ByteLevel"], "decoder.type");
  if (!addsNothing(file.post_processor)) {
    expect(fieldsOf(file.post_processor).type, ["ByteLevel"], "post_processor.type");
  }
  const special = new Map<string, number>();
  for (const token of listOf(file.added_tokens).map(fieldsOf)) {
    const { content, id } = token;
    if (typeof content !== "string" || !isId(id)) {
      throw new Error(`Expected added_tokens with content and id, got ${JSON.stringify(token)}`);
    }
    for (const flag of ["single_word", "lstrip", "rstrip"]) {
      expect(
        token[flag] ?? false,
        [false],
        `added_tokens ${JSON.stringify(content)} ${flag}`,
      );
    }
    special.set(content, id);
  }
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(fieldsOf(model.vocab))) {
    if (!isId(id)) throw new Error(`Expected ids in model.vocab, got ${JSON.stringify(id)}`);
    if (!special.has(token)) vocabulary.set(token, id);
  }
  return createBpeTokenizer({
    vocabulary,
    merges: listOf(model.merges).map(readMerge),
    special,
  });
}

/** Whether tokens stay as they are after cutting; `transformers` writes a template that says so. */
export function addsNothing(processor: unknown): boolean {
  if (!processor) return true;
  const { type, single } = fieldsOf(processor);
  if (type === "ByteLevel") return true; // that one only moves offsets
  const [first, ...others] = listOf(single).map(fieldsOf);
  return type === "TemplateProcessing" && others.length === 0 &&
    fieldsOf(first?.Sequence).id === "A";
}

/** A JSON object's fields; none for any other value. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value as a JSON object, without fields where it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Fields
    : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function parse(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch (error) {
    throw new Error(`Expected a tokenizer.json, got no JSON: ${(error as Error).message}`);
  }
}

function expect(value: unknown, wanted: readonly unknown[], field: string): void {
  if (wanted.includes(value)) return;
  throw new Error(
    `Expected ${field} of tokenizer.json to be ${JSON.stringify(wanted[0])} (byte-level BPE as ` +
      `GPT-2's), got ${JSON.stringify(value)}`,
  );
}

/** A merge is a pair, or in older files two tokens with a blank between. */
function readMerge(merge: unknown): [string, string] {
  const pair = typeof merge === "string" ? merge.split(" ") : merge;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string")) {
    return pair as [string, string];
  }
  throw new Error(`Expected model.merges to hold pairs of tokens, got ${JSON.stringify(merge)}`);
}
