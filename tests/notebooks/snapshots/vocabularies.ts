/** One small GPT on Moby Dick, cut into bytes or into longer and longer tokens. */
import { createBpeVocabulary, createTransformer } from "../../../lib/lm/mod.ts";
import { collection } from "../../../lib/lm/text/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { tf } from "../../../lib/tensor/mod.ts";
import {
  type BpeTokenizer,
  byteCharacters,
  createBpeTokenizer,
  trainBpe,
} from "../../../lib/tokenizer/mod.ts";
import { lossOver, randomWindows } from "./novel.ts";
import { train, type Training } from "./train.ts";

const sizes = { contextLength: 64, width: 64, heads: 4, layers: 2 };
const training: Training = {
  steps: 600,
  batch: 16,
  peak: 3e-3,
  warmUp: 30,
  hold: 0,
  weightDecay: 0.1,
  clipNorm: 1,
};
const vocabularies = [257, 512, 1000, 2000];
const seeds = [0, 1];

/** Where the text is cut, in characters, as in the notebook. */
const parts = { trainEnd: 800_000, unseenEnd: 900_000 };

/** Trains the GPT with each vocabulary and seed; resolves to what the notebook shows. */
export async function compareVocabularies() {
  const text = collection["moby-dick.txt"]!();
  const taught = text.slice(0, parts.trainEnd);
  const unseen = text.slice(parts.trainEnd, parts.unseenEnd);
  const largest = trainBpe([taught], { size: Math.max(...vocabularies) });
  const rows = [];
  for (const size of vocabularies) {
    const tokenizer = firstMerges(largest, size);
    const [ids, unseenIds] = [tokenizer.encode(taught), tokenizer.encode(unseen)];
    const losses: number[] = [];
    for (const seed of seeds) losses.push(await lossOf(tokenizer, { ids, unseenIds, seed }));
    const characters = [...unseen].length;
    const perCharacter = unseenIds.length / characters;
    const bits = losses.map((nats) => Number((nats * perCharacter / Math.LN2).toFixed(4)));
    rows.push({ vocabulary: size, tokens: unseenIds.length, characters, bits });
    console.log(`${size} tokens: ${bits.join(", ")} bits a character`);
  }
  return { sizes, training, parts, seeds, rows };
}

/** The tokenizer that knows the first merges alone, `size` tokens altogether. */
function firstMerges({ merges, special }: BpeTokenizer, size: number): BpeTokenizer {
  const kept = merges.slice(0, size - 257);
  const tokens = [...byteCharacters, ...kept.map((merge) => merge.join(""))];
  const vocabulary = new Map(tokens.map((token, i) => [token, i + 1]));
  return createBpeTokenizer({ vocabulary, merges: kept, special });
}

async function lossOf(
  tokenizer: BpeTokenizer,
  { ids, unseenIds, seed }: { ids: Int32Array; unseenIds: Int32Array; seed: number },
): Promise<number> {
  const vocabulary = createBpeVocabulary(tokenizer);
  const { contextLength: length } = sizes;
  const model = createTransformer({ ...sizes, dropout: 0 }, {
    vocabulary,
    rng: createRandom(seed),
  });
  const rng = createRandom(seed, "batches");
  await train(model, training, {
    nextBatch: randomWindows(ids, { batch: training.batch, length, rng }),
  });
  const stride = length / 2;
  const count = unseenIds.length - length;
  const loss = lossOver(model, unseenIds, { length, from: length, count, stride });
  tf.dispose([...model.parameters.values()]);
  return loss;
}
