import type { NeuralModel } from "../language_model.ts";
import type { GrammarTask } from "../run/grammar_task.ts";

/** A model to look into, and how it was before training: what is found in both was not learned. */
export interface Inside {
  readonly model: NeuralModel;
  /** Makes the model with its initial weights. */
  readonly untrained: () => NeuralModel;
  readonly task: GrammarTask;
  /** The run's. */
  readonly seed: number;
}
