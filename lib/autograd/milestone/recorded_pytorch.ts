/** The same descent by PyTorch in float64, recorded once by `tests/autograd/record_pytorch.py`. */
import recorded from "./pytorch.json" with { type: "json" };
import type { Step } from "./regression.ts";

/** What makes two descents the same but for their length. */
export interface Recording {
  /** Seed of the points and of the start. */
  seed: number;
  /** How many points. */
  points: number;
  /** The true slope. */
  a: number;
  /** The true height at 0. */
  b: number;
  /** The step's size, as a multiple of the gradient. */
  learningRate: number;
}

/** PyTorch's guesses, or undefined when these settings were not recorded, or not so many steps. */
export function recordedPytorch(settings: Recording & { steps: number }): Step[] | undefined {
  const { settings: known, path } = recorded.regression;
  const same = (Object.keys(known) as (keyof Recording)[]).every((key) =>
    known[key] === settings[key]
  );
  return same && path.length > settings.steps ? path.slice(0, settings.steps + 1) : undefined;
}

/** The PyTorch that was recorded. */
export const pytorchVersion: string = recorded.torch;
