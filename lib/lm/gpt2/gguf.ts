/**
 * A Transformer as GGUF, which llama.cpp and all that is built on it serve as it is.
 *
 * llama.cpp's own converter knows a tokenizer only by what a published one makes of one text, so none
 * that was trained here; therefore we write the file ourselves. Names of tensors are those of its
 * architecture `gpt2`, and matrices are the other way round, [out, in].
 */
import { byteCharacters, END_OF_TEXT } from "../../tokenizer/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { TransformerConfig } from "../models/transformer.ts";
import type { PlainTensor } from "../training/state.ts";
import { encodeGguf, type GgufValue } from "./gguf_file.ts";

/** What a token is to llama.cpp. */
const tokenType = { normal: 1, control: 3, unused: 5 };

/** Our names and llama.cpp's; those of a block follow `transformer.h.N.` and `blk.N.`. */
const outside: readonly (readonly [string, string])[] = [
  ["transformer.wte", "token_embd"],
  ["transformer.wpe", "position_embd"],
  ["transformer.ln_f", "output_norm"],
  ["lm_head", "output"],
];
const inBlock: readonly (readonly [string, string])[] = [
  ["ln_1", "attn_norm"],
  ["attn.c_attn", "attn_qkv"],
  ["attn.c_proj", "attn_output"],
  ["ln_2", "ffn_norm"],
  ["mlp.c_fc", "ffn_up"],
  ["mlp.c_proj", "ffn_down"],
];

/** Whether llama.cpp's GPT-2 can be this Transformer: it has one activation. */
export function fitsGguf({ activation }: TransformerConfig): boolean {
  return activation === "gelu";
}

/** The bytes of the GGUF file of a Transformer. */
export function gpt2Gguf(
  parameters: ReadonlyMap<string, PlainTensor>,
  { config, vocabulary }: { config: TransformerConfig; vocabulary: Vocabulary },
): Uint8Array<ArrayBuffer> {
  const values = new Map<string, GgufValue>([
    ["general.architecture", { string: "gpt2" }],
    ["general.name", { string: "transformer" }],
    ["general.file_type", { uint32: 0 }], // all tensors are float32
    ["gpt2.context_length", { uint32: config.contextLength }],
    ["gpt2.embedding_length", { uint32: config.width }],
    ["gpt2.feed_forward_length", { uint32: config.feedForward }],
    ["gpt2.block_count", { uint32: config.layers }],
    ["gpt2.attention.head_count", { uint32: config.heads }],
    ["gpt2.attention.layer_norm_epsilon", { float32: 1e-5 }],
    ...tokenizerValues(vocabulary),
  ]);
  const tensors = new Map(Array.from(parameters, ([name, tensor]) => [
    ggufName(name),
    /\.c_\w+\.weight$/.test(name) ? transposed(tensor) : tensor,
  ]));
  return encodeGguf(values, tensors);
}

function ggufName(name: string): string {
  const [, layer, rest] = /^transformer\.h\.(\d+)\.(.*)$/.exec(name) ?? [];
  const names = layer === undefined ? outside : inBlock;
  const own = rest ?? name;
  const [ours, theirs] = names.find(([ours]) => own.startsWith(`${ours}.`))!;
  return (layer === undefined ? "" : `blk.${layer}.`) + theirs + own.slice(ours.length);
}

function transposed({ shape, values }: PlainTensor): PlainTensor {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column]!;
    }
  }
  return { shape: [columns, rows], values: turned };
}

/** The tokenizer as byte-level BPE, which cuts words as GPT-2 does. */
function tokenizerValues(vocabulary: Vocabulary): [string, GgufValue][] {
  const { tokens, merges, special } = vocabulary.tokenizer
    ? partsOf(vocabulary.tokenizer)
    : characterParts(vocabulary.characters);
  const ids = Array.from({ length: vocabulary.size }, (_, id) => id);
  const kind = (id: number) => {
    if (special.has(id)) return tokenType.control;
    return tokens.has(id) ? tokenType.normal : tokenType.unused;
  };
  return [
    ["tokenizer.ggml.model", { string: "gpt2" }],
    ["tokenizer.ggml.pre", { string: "gpt-2" }],
    ["tokenizer.ggml.tokens", { strings: ids.map((id) => tokens.get(id) ?? `[PAD${id}]`) }],
    ["tokenizer.ggml.token_type", { int32s: ids.map(kind) }],
    ["tokenizer.ggml.merges", { strings: merges.map(([a, b]) => `${a} ${b}`) }],
    ["tokenizer.ggml.bos_token_id", { uint32: vocabulary.start }],
    ["tokenizer.ggml.eos_token_id", { uint32: vocabulary.end }],
    ["tokenizer.ggml.add_bos_token", { bool: true }], // as when it was trained
  ];
}

/** Tokens by id, merged pairs and the ids of special tokens. */
interface TokenizerParts {
  readonly tokens: ReadonlyMap<number, string>;
  readonly merges: readonly (readonly [string, string])[];
  readonly special: ReadonlySet<number>;
}

function partsOf(
  { vocabulary, merges, special }: NonNullable<Vocabulary["tokenizer"]>,
): TokenizerParts {
  const tokens = new Map([...vocabulary, ...special].map(([token, id]) => [id, token]));
  return { tokens, merges, special: new Set(special.values()) };
}

/** Characters of several bytes are merged from their first byte on, and with nothing else. */
function characterParts(characters: readonly string[]): TokenizerParts {
  const merges = new Map<string, [string, string]>();
  const names = characters.map((character) => {
    const bytes = Array.from(new TextEncoder().encode(character), (byte) => byteCharacters[byte]!);
    for (let i = 1; i < bytes.length; i++) {
      const [begin, next] = [bytes.slice(0, i).join(""), bytes[i]!];
      merges.set(`${begin} ${next}`, [begin, next]);
    }
    return bytes.join("");
  });
  return {
    tokens: new Map([END_OF_TEXT, ...names].map((token, id) => [id, token])),
    merges: [...merges.values()],
    special: new Set([0]),
  };
}
