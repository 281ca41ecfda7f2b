/**
 * `config.json` of a GPT-2 folder, both ways: our sizes as its fields, and its fields held to what our
 * Transformer can be. A field that would change what the model computes is honoured or refused.
 */
import type { Activation } from "../../tensor/mod.ts";
import { CheckpointError } from "../../safetensors/mod.ts";
import { type TransformerConfig, transformerConfig } from "../models/transformer.ts";

/** Our activations by the names of `transformers`; all its names for GPT-2's gelu are one function. */
const activations: Readonly<Record<string, Activation>> = {
  gelu_new: "gelu",
  gelu_pytorch_tanh: "gelu",
  relu: "relu",
  tanh: "tanh",
  sigmoid: "sigmoid",
  linear: "none",
};

/** Fields that other models of this `model_type` may set, and the one value that is GPT-2's. */
const fixed: Readonly<Record<string, unknown>> = {
  layer_norm_epsilon: 1e-5,
  scale_attn_weights: true,
  scale_attn_by_inverse_layer_idx: false,
  add_cross_attention: false,
  is_encoder_decoder: false,
};

/** What a `config.json` says beyond the sizes. */
export interface Gpt2Config {
  readonly config: TransformerConfig;
  /** The ids before and after a text, where the vocabulary has them. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** The fields of `config.json` for a Transformer. */
export function gpt2Fields(
  config: TransformerConfig,
  { start, end }: { start: number; end: number },
): Record<string, unknown> {
  const { vocabularySize, contextLength, width, heads, layers, feedForward, dropout } = config;
  const activation = Object.keys(activations).find((name) =>
    activations[name] === config.activation
  );
  return {
    architectures: ["GPT2LMHeadModel"],
    model_type: "gpt2",
    vocab_size: vocabularySize,
    n_positions: contextLength,
    n_ctx: contextLength, // the same, for llama.cpp's converter
    n_embd: width,
    n_layer: layers,
    n_head: heads,
    n_inner: feedForward,
    activation_function: activation,
    layer_norm_epsilon: fixed.layer_norm_epsilon,
    embd_pdrop: dropout,
    resid_pdrop: dropout,
    attn_pdrop: 0, // ours has none there
    tie_word_embeddings: config.tied,
    bos_token_id: start,
    eos_token_id: end,
    torch_dtype: "float32",
  };
}

/**
 * Our sizes from the fields of a `config.json`.
 *
 * @throws CheckpointError that names a field whose value our Transformer cannot honour
 */
export function readGpt2Config(fields: Readonly<Record<string, unknown>>): Gpt2Config {
  expect(fields.model_type, { field: "model_type", wanted: "gpt2" });
  for (const [field, wanted] of Object.entries(fixed)) {
    expect(fields[field] ?? wanted, { field, wanted });
  }
  expect(fields.quantization_config ?? null, { field: "quantization_config", wanted: null });
  const name = fields.activation_function ?? "gelu_new";
  if (typeof name !== "string" || !Object.hasOwn(activations, name)) {
    throw wrong("activation_function", {
      got: name,
      wanted: `one of ${Object.keys(activations).join(", ")}`,
    });
  }
  const count = (field: string, usual?: number) => wholeNumber(fields, { field, usual });
  const [width, heads] = [count("n_embd", 768), count("n_head", 12)];
  if (width % heads !== 0) {
    throw wrong("n_head", { got: heads, wanted: `a number that divides n_embd of ${width}` });
  }
  const vocabularySize = count("vocab_size", 50257);
  const config = transformerConfig({
    vocabularySize,
    ...{ width, heads },
    contextLength: count("n_positions", 1024),
    layers: count("n_layer", 12),
    feedForward: count("n_inner", 4 * width),
    activation: activations[name]!,
    tied: truth(fields, { field: "tie_word_embeddings", usual: true }),
    dropout: share(fields, "resid_pdrop"),
  });
  const id = (field: string) =>
    // one id, or a list: of several ends the first counts
    [fields[field]].flat().map((id) => inside(id, vocabularySize)).find((id) => id !== undefined);
  return { config, start: id("bos_token_id"), end: id("eos_token_id") };
}

/** `transformers` itself writes 50256 into the config of smaller vocabularies: that is no token. */
function inside(id: unknown, size: number): number | undefined {
  return Number.isInteger(id) && (id as number) >= 0 && (id as number) < size
    ? id as number
    : undefined;
}

/** Sizes beyond this are refused; no model that fits into memory has them. */
const LARGEST = 2 ** 24;

function wholeNumber(
  fields: Readonly<Record<string, unknown>>,
  { field, usual }: { field: string; usual: number | undefined },
): number {
  const got = fields[field] ?? usual;
  // subtle: layers are not a dimension of any tensor, so nothing else would stop a billion of them
  const most = field === "n_layer" ? 1024 : LARGEST;
  if (Number.isInteger(got) && (got as number) >= 1 && (got as number) <= most) {
    return got as number;
  }
  throw wrong(field, { got, wanted: `a whole number from 1 to ${most}` });
}

function truth(
  fields: Readonly<Record<string, unknown>>,
  { field, usual }: { field: string; usual: boolean },
): boolean {
  const got = fields[field] ?? usual;
  if (typeof got === "boolean") return got;
  throw wrong(field, { got, wanted: "true or false" });
}

function share(fields: Readonly<Record<string, unknown>>, field: string): number {
  const got = fields[field] ?? 0.1;
  if (typeof got === "number" && got >= 0 && got < 1) return got;
  throw wrong(field, { got, wanted: "a number of at least 0 and below 1" });
}

function expect(got: unknown, { field, wanted }: { field: string; wanted: unknown }): void {
  if (got !== wanted) throw wrong(field, { got, wanted: JSON.stringify(wanted) });
}

function wrong(
  field: string,
  { got, wanted }: { got: unknown; wanted: string },
): CheckpointError {
  const shown = (JSON.stringify(got) ?? "nothing").slice(0, 80);
  return new CheckpointError(`expected ${wanted} as ${field}, got ${shown}`);
}
