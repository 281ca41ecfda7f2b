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
  const model = file.model ?? {};
  expect(model.type, ["BPE"], "model.type");
  expect(model.dropout ?? null, [null, 0], "model.dropout");
  expect(model.continuing_subword_prefix ?? "", [""], "model.continuing_subword_prefix");
  expect(model.end_of_word_suffix ?? "", [""], "model.end_of_word_suffix");
  expect(model.ignore_merges ?? false, [false], "model.ignore_merges");
  expect(model.byte_fallback ?? false, [false], "model.byte_fallback");
  expect(file.normalizer ?? null, [null], "normalizer");
  expect(file.pre_tokenizer?.type, ["ByteLevel"], "pre_tokenizer.type");
  expect(file.pre_tokenizer.add_prefix_space, [false], "pre_tokenizer.add_prefix_space");
  expect(file.pre_tokenizer.use_regex ?? true, [true], "pre_tokenizer.use_regex");
  expect(file.decoder?.type, ["ByteLevel"], "decoder.type");
  if (!addsNothing(file.post_processor)) {
    expect(file.post_processor.type, ["ByteLevel"], "post_processor.type");
  }
  const special = new Map<string, number>();
  for (const token of file.added_tokens ?? []) {
    for (const flag of ["single_word", "lstrip", "rstrip"]) {
      expect(
        token[flag] ?? false,
        [false],
        `added_tokens ${JSON.stringify(token.content)} ${flag}`,
      );
    }
    special.set(token.content, token.id);
  }
  const vocabulary = Object.entries<number>(model.vocab ?? {}).filter(([token]) =>
    !special.has(token)
  );
  return createBpeTokenizer({
    vocabulary: new Map(vocabulary),
    merges: (model.merges ?? []).map(readMerge),
    special,
  });
}

/** Whether tokens stay as they are after cutting; `transformers` writes a template that says so. */
// deno-lint-ignore no-explicit-any
export function addsNothing(processor: any): boolean {
  if (!processor || processor.type === "ByteLevel") return true; // that one only moves offsets
  return processor.type === "TemplateProcessing" && Array.isArray(processor.single) &&
    processor.single.length === 1 && processor.single[0]?.Sequence?.id === "A";
}

// deno-lint-ignore no-explicit-any
function parse(text: string): any {
  try {
    return JSON.parse(text) ?? {};
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
