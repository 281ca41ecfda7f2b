/** What an analysis finds in a model that has learned nothing: the noise in which it may see structure. */
import { createRandom, type Random } from "../../random.ts";
import { tf } from "../../tensor/mod.ts";
import type { NeuralModel } from "../language_model.ts";

/** The same analysis three times. */
export interface BesideUntrained<T> {
  /** Of the model. */
  readonly trained: T;
  /** Of the model as it was before training. */
  readonly untrained: T;
  /** Of the model with the entries of each tensor in another order. */
  readonly shuffled: T;
}

/**
 * Analyses a model, the same model before training, and the model with its weights shuffled: only what
 * is in the first and in neither of the others was learned, and lies in how the weights are arranged
 * rather than in how large they are.
 *
 * @param options.untrained makes the model with its initial weights; it is freed again
 * @param options.analyse any analysis, of each
 */
export async function besideUntrained<T>(
  model: NeuralModel,
  { untrained, analyse, rng = createRandom(0, "shuffled") }: {
    untrained: () => NeuralModel;
    analyse: (model: NeuralModel) => T | Promise<T>;
    rng?: Random;
  },
): Promise<BesideUntrained<T>> {
  const trained = await analyse(model);
  const other = untrained();
  try {
    const before = await analyse(other);
    await shuffleWeights(model, { into: other, rng });
    return { trained, untrained: before, shuffled: await analyse(other) };
  } finally {
    other.dispose();
  }
}

/**
 * Gives a model the weights of another of its shape, the entries of each tensor in a random order: the
 * same numbers, and nothing of what they were arranged to do.
 *
 * @param options.into the model that gets them; it may be the same
 */
export async function shuffleWeights(
  model: NeuralModel,
  { into, rng }: { into: NeuralModel; rng: Random },
): Promise<void> {
  for (const [name, parameter] of into.parameters) {
    const values = rng.shuffle(Array.from(await model.parameters.get(name)!.data()));
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)));
  }
}
