/** What an analysis finds in a model that has learned nothing: the noise in which it may see structure. */
import type { NeuralModel } from "../language_model.ts";

/** The same analysis twice. */
export interface BesideUntrained<T> {
  /** Of the model. */
  readonly trained: T;
  /** Of the model as it was before training. */
  readonly untrained: T;
}

/**
 * Analyses a model, and the same model before training: only what the two differ in was learned.
 *
 * @param options.untrained makes the model with its initial weights; it is freed again
 * @param options.analyse any analysis, of either
 */
export async function besideUntrained<T>(
  model: NeuralModel,
  { untrained, analyse }: {
    untrained: () => NeuralModel;
    analyse: (model: NeuralModel) => T | Promise<T>;
  },
): Promise<BesideUntrained<T>> {
  const trained = await analyse(model);
  const before = untrained();
  try {
    return { trained, untrained: await analyse(before) };
  } finally {
    before.dispose();
  }
}
