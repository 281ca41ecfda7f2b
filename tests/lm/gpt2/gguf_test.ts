import { assertEquals } from "@std/assert";
import { gpt2Gguf } from "../../../lib/lm/gpt2/gguf.ts";
import { createBpeVocabulary } from "../../../lib/lm/data/bpe_vocabulary.ts";
import { createVocabulary, type Vocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { readTransformerConfig } from "../../../lib/lm/models/registry.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { readTensors } from "../../../lib/lm/training/state.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { trainBpe } from "../../../lib/tokenizer/mod.ts";

/** Reads a GGUF file by its specification: values by name, and tensors with the sizes as listed. */
function readGguf(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer);
  let at = 0;
  const uint32 = () => view.getUint32((at += 4) - 4, true);
  const uint64 = () => Number(view.getBigUint64((at += 8) - 8, true));
  const string = () => {
    const length = uint64();
    return new TextDecoder().decode(bytes.subarray(at, at += length));
  };
  const value = (type: number): unknown => {
    if (type === 9) {
      const [of, count] = [uint32(), uint64()];
      return Array.from({ length: count }, () => value(of));
    }
    if (type === 8) return string();
    if (type === 7) return bytes[at++] === 1;
    if (type === 6) return view.getFloat32((at += 4) - 4, true);
    return uint32();
  };
  assertEquals([new TextDecoder().decode(bytes.subarray(0, at = 4)), uint32()], ["GGUF", 3]);
  const [tensorCount, valueCount] = [uint64(), uint64()];
  const values = new Map(Array.from({ length: valueCount }, () => [string(), value(uint32())]));
  const listed = Array.from({ length: tensorCount }, () => ({
    name: string(),
    sizes: Array.from({ length: uint32() }, uint64),
    type: uint32(),
    offset: uint64(),
  }));
  const start = Math.ceil(at / 32) * 32;
  const tensors = new Map(listed.map(({ name, sizes, type, offset }) => {
    assertEquals([type, offset % 32], [0, 0], name);
    const count = sizes.reduce((product, size) => product * size, 1);
    return [name, { sizes, numbers: new Float32Array(bytes.buffer, start + offset, count) }];
  }));
  return { values, tensors };
}

async function written(vocabulary: Vocabulary) {
  await ready("simd");
  const options = { width: 6, heads: 2, layers: 2, contextLength: 5, feedForward: 10 };
  const model = createTransformer(options, { vocabulary, rng: createRandom(3) });
  const parameters = await readTensors(model.parameters);
  const config = readTransformerConfig(model.config, vocabulary.size);
  model.dispose();
  return { parameters, ...readGguf(gpt2Gguf(parameters, { config, vocabulary })) };
}

Deno.test("a GGUF file holds all tensors, at multiples of 32 bytes, and matrices by row of output", async () => {
  const { parameters, tensors } = await written(createVocabulary("abcd"));
  assertEquals(tensors.size, parameters.size);
  const same = (ours: string, theirs: string) => {
    const [{ shape, values }, { sizes, numbers }] = [parameters.get(ours)!, tensors.get(theirs)!];
    assertEquals(sizes, [...shape].reverse());
    assertEquals(numbers, values);
  };
  same("transformer.wte.weight", "token_embd.weight");
  same("transformer.wpe.weight", "position_embd.weight");
  same("transformer.h.1.attn.c_attn.bias", "blk.1.attn_qkv.bias");
  same("transformer.h.0.ln_2.weight", "blk.0.ffn_norm.weight");
  for (
    const [ours, theirs] of [
      ["attn.c_attn", "attn_qkv"],
      ["attn.c_proj", "attn_output"],
      ["mlp.c_fc", "ffn_up"],
      ["mlp.c_proj", "ffn_down"],
    ]
  ) {
    const { shape: [inputs, outputs], values } = parameters.get(`transformer.h.1.${ours}.weight`)!;
    const { sizes, numbers } = tensors.get(`blk.1.${theirs}.weight`)!;
    assertEquals(sizes, [inputs!, outputs!]); // from the last to the first
    const turned = numbers.map((_, at) =>
      values[at % inputs! * outputs! + Math.floor(at / inputs!)]!
    );
    assertEquals(numbers, turned, theirs);
  }
});

Deno.test("a GGUF file tells control tokens, those of the tokenizer, and ids without any", async () => {
  const text = "so many, so many words";
  const tokenizer = trainBpe([text, text], { size: 260 });
  const tokens = tokenizer.vocabulary.size + tokenizer.special.size;
  const { values } = await written(createBpeVocabulary(tokenizer, { size: tokens + 2 }));
  const types = values.get("tokenizer.ggml.token_type") as number[];
  const names = values.get("tokenizer.ggml.tokens") as string[];
  assertEquals(types.length, tokens + 2);
  assertEquals(types.slice(-2), [5, 5]);
  assertEquals(names.filter((_, id) => types[id] === 3), [...tokenizer.special.keys()]);
  const normal = new Set(names.filter((_, id) => types[id] === 1));
  assertEquals(normal, new Set(tokenizer.vocabulary.keys()));
});
