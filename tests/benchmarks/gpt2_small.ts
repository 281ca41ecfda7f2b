/** A folder of GPT-2's smallest published shape with random weights: 124 million, 498 MB. */
import { writeWhole } from "../../lib/command/mod.ts";
import { gpt2Fields } from "../../lib/lm/gpt2/config.ts";
import { tokenizerFields, writeVocabulary } from "../../lib/lm/gpt2/tokenizer_file.ts";
import { createBpeVocabulary } from "../../lib/lm/data/bpe_vocabulary.ts";
import { trainBpe } from "../../lib/tokenizer/mod.ts";
import { transformerConfig } from "../../lib/lm/models/transformer.ts";
import { transformerShapes } from "../../lib/lm/models/transformer.ts";

/** The sizes of GPT-2's smallest model. */
export const small = transformerConfig({
  ...{ vocabularySize: 50257, contextLength: 1024, width: 768, heads: 12, layers: 12 },
});

/** Numbers that are drawn once and used again and again: what they are does not matter for time. */
const DRAWN = 1 << 20;

/** Writes the folder; memory holds a megabyte of it at a time. */
export async function writeGpt2Small(folder: string): Promise<void> {
  const vocabulary = createBpeVocabulary(trainBpe(["a text"], { size: 257 }));
  const json = (name: string, fields: unknown) =>
    writeWhole(`${folder}/${name}`, `${JSON.stringify(fields)}\n`);
  await json("config.json", gpt2Fields(small, { start: 0, end: 0 }));
  await json("tokenizer_config.json", tokenizerFields(small.contextLength));
  await writeWhole(`${folder}/tokenizer.json`, writeVocabulary(vocabulary));
  await writeWeights(`${folder}/model.safetensors`);
}

async function writeWeights(path: string): Promise<void> {
  let end = 0;
  const entries = Array.from(transformerShapes(small), ([name, shape]) => {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
  });
  const text = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) });
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  using file = await Deno.open(path, { create: true, write: true, truncate: true });
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  const writer = file.writable.getWriter();
  await writer.write(prefix);
  await writer.write(header);
  const values = Float32Array.from({ length: DRAWN }, () => 0.04 * (Math.random() - 0.5));
  const bytes = new Uint8Array(values.buffer);
  for (let done = 0; done < end; done += bytes.length) {
    await writer.write(bytes.slice(0, Math.min(bytes.length, end - done)));
  }
  await writer.ready;
}
