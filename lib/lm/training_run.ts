/** A training run under way: how it starts, and its state as plain numbers. */
import type { Optimizer } from "../tensor/mod.ts";
import type { NeuralModel } from "./model.ts";
import type { EpochUnderWay } from "./train_epoch.ts";
import {
  assignTensors,
  named,
  type PlainTensor,
  readTensors,
  restoreOptimizer,
  tensorsOf,
  type TrainingHistory,
  type TrainingState,
} from "./training/state.ts";

/** Where a run stands; changes while it goes on. */
export interface TrainingRun {
  /** Makes the steps, and remembers moments. */
  readonly optimizer: Optimizer;
  /** Epochs done. */
  epoch: number;
  /** Steps done. */
  step: number;
  /** What was done of the epoch under way. */
  underWay: EpochUnderWay;
  /** The epoch whose weights are kept; 0 when there was none. */
  best: { epoch: number; validLoss: number };
  /** Its weights. */
  bestWeights: ReadonlyMap<string, PlainTensor>;
  /** What was seen so far. */
  readonly history: TrainingHistory;
  /** The moment it would have begun, had it not been interrupted, in milliseconds. */
  readonly begun: number;
  /** When its state was last stored, or it began. */
  lastCheckpoint: number;
}

/** Starts a run, or goes on from a state: the model and the optimizer take over its numbers. */
export async function startRun(
  { parameters }: NeuralModel,
  { optimizer, resume }: { optimizer: Optimizer; resume: TrainingState | undefined },
): Promise<TrainingRun> {
  const now = performance.now();
  if (!resume) {
    return {
      ...{ optimizer, epoch: 0, step: 0, begun: now, lastCheckpoint: now },
      underWay: { steps: 0, lossSum: 0 },
      best: { epoch: 0, validLoss: Infinity },
      bestWeights: await readTensors(parameters),
      history: { steps: [], epochs: [] },
    };
  }
  const { seconds } = resume;
  const progress = structuredClone(resume.progress);
  assignTensors(parameters, tensorsOf(resume, "parameters"));
  restoreOptimizer(optimizer, { step: progress.step, tensors: tensorsOf(resume, "optimizer") });
  return {
    ...progress,
    ...{ optimizer, begun: now - 1000 * seconds, lastCheckpoint: now },
    bestWeights: tensorsOf(resume, "best"),
  };
}

/** The state of a run between two steps. */
export async function captureRun(
  { parameters }: NeuralModel,
  { optimizer, bestWeights, begun, epoch, step, underWay, best, history }: TrainingRun,
): Promise<TrainingState> {
  const seconds = (performance.now() - begun) / 1000;
  const tensors = new Map([
    ...named("parameters", await readTensors(parameters)),
    ...named("best", bestWeights),
    ...named("optimizer", await readTensors(optimizer.state().tensors)),
  ]);
  return { progress: structuredClone({ epoch, step, underWay, best, history }), seconds, tensors };
}
