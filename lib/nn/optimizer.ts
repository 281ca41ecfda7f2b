/** The optimizers and their numbers, in the one form in which all three stacks take them. */

/**
 * Stochastic gradient descent: v ← momentum·v + g, θ ← θ − learningRate·v (Polyak, 1964; in the form
 * of torch.optim.SGD and tf.train.momentum).
 */
export interface SgdSettings {
  /** Which optimizer this is. */
  readonly name: "sgd";
  /** Length of a step for each unit of slope. */
  readonly learningRate: number;
  /** Share of the last step that is taken again; 0, so none, by default. */
  readonly momentum?: number;
}

/**
 * Adam (Kingma and Ba, 2015, algorithm 1): m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * θ ← θ − learningRate · m̂ / (√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ) at step t = 1, 2, …
 */
export interface AdamSettings {
  /** Which optimizer this is. */
  readonly name: "adam";
  /** About the length of a step, whatever the slope. */
  readonly learningRate: number;
  /** Decay of the mean of the gradients; 0.9, the paper's. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; 0.999, the paper's. */
  readonly beta2?: number;
  /** Keeps the division finite; 1e-8, the paper's and PyTorch's. tfjs's own default is 1e-7. */
  readonly epsilon?: number;
  /**
   * Share of learningRate by which every parameter shrinks before each step, apart from the
   * gradient: AdamW (Loshchilov and Hutter, 2019). 0, so none, by default. tfjs's own lacks it.
   */
  readonly weightDecay?: number;
}

/** Which optimizer, and its numbers. */
export type OptimizerSettings = SgdSettings | AdamSettings;

/** The paper's numbers for what is left out. */
export function adamDefaults(settings: AdamSettings): Required<AdamSettings> {
  return { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...settings };
}

/** Refuses numbers that no descent can work with. */
export function checkOptimizer(settings: OptimizerSettings): void {
  const { learningRate } = settings;
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(`Expected a learning rate above 0, got ${learningRate}`);
  }
  if (settings.name === "sgd") return checkShare("a momentum", settings.momentum);
  checkShare("beta1", settings.beta1);
  checkShare("beta2", settings.beta2);
  const { weightDecay = 0 } = settings;
  if (!(weightDecay >= 0 && learningRate * weightDecay < 1)) {
    throw new RangeError(
      `Expected a weight decay of at least 0 and below 1 / learning rate, got ${weightDecay}`,
    );
  }
}

function checkShare(what: string, share = 0): void {
  if (!(share >= 0 && share < 1)) {
    throw new RangeError(`Expected ${what} of at least 0 and below 1, got ${share}`);
  }
}
