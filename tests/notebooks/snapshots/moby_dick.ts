/** Two GPTs on Moby Dick: a small one after two minutes, a larger one after an hour or more. */
import { createTransformer, type NeuralModel, sample } from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { lossOver, randomWindows, readNovel } from "./novel.ts";
import { train, type Training } from "./train.ts";

/** A GPT and how it is trained. */
interface Plan {
  sizes: { contextLength: number; width: number; heads: number; layers: number };
  training: Training;
  /** Where a sample is written and the unseen pages are read. */
  shownSteps: number[];
}

const recipe = { weightDecay: 0.1, clipNorm: 1, peak: 3e-3 };

/** By the name of the snapshot. */
export const plans: Readonly<Record<"moby-dick" | "moby-dick-long", Plan>> = {
  "moby-dick": {
    sizes: { contextLength: 64, width: 64, heads: 4, layers: 4 },
    training: { ...recipe, steps: 1500, batch: 16, warmUp: 75, hold: 0 },
    shownSteps: [0, 100, 500, 1000, 1500],
  },
  "moby-dick-long": {
    sizes: { contextLength: 128, width: 96, heads: 4, layers: 4 },
    training: { ...recipe, steps: 20_000, batch: 8, warmUp: 200, hold: 14_800 },
    shownSteps: [0, 100, 500, 1000, 2000, 4000, 8000, 12_000, 16_000, 20_000],
  },
};

/** Tokens of the unseen pages that are judged. */
const judged = 25_600;

/** Trains one of the plans; resolves to the model and to what the notebook shows of its way. */
export async function trainOnNovel({ sizes, training, shownSteps }: Plan, seed: number) {
  const { vocabulary, ids, trainEnd, validEnd } = readNovel();
  const { contextLength: length } = sizes;
  const rng = createRandom(seed);
  const model = createTransformer({ ...sizes, dropout: 0 }, { vocabulary, rng });
  const over = (stride: number) =>
    lossOver(model, ids, { length, from: trainEnd + 1, count: judged, stride });
  const states: { step: number; sample: string; valid: number }[] = [];
  const losses = await train(model, training, {
    nextBatch: randomWindows(ids.subarray(0, trainEnd), {
      batch: training.batch,
      length,
      rng: createRandom(seed, "batches"),
    }),
    onStep: async (step) => {
      if (!shownSteps.includes(step)) return;
      const valid = Number(over(length).toFixed(4));
      states.push({ step, sample: await written(model), valid });
      console.log(`step ${step}: ${valid} nats`);
    },
  });
  const withContext = Number(over(length / 2).toFixed(4));
  console.log(`with half a window before each character: ${withContext} nats`);
  const record = {
    sizes,
    training,
    seed,
    characters: ids.length,
    trainEnd,
    validEnd,
    losses,
    states,
    withContext,
  };
  return { model, record };
}

async function written(model: NeuralModel): Promise<string> {
  const [one] = await sample(model, { count: 1, seed: 1, maxLength: 300 });
  return one!.text;
}
