/** All that training needs to go on where it stood: under way, and as plain numbers ready for a file. */
import { type Optimizer, tf } from "../../tensor/mod.ts";
import type { NeuralModel } from "../language_model.ts";
import type { BatchLoss } from "./loss_meter.ts";

/** What was seen while training. */
export interface TrainingHistory {
  /** Mean training loss of the few steps up to and including `step`. */
  readonly steps: { readonly step: number; readonly loss: number }[];
  /** After each epoch: its mean training loss a token, and the loss on the validation strings. */
  readonly epochs: {
    readonly epoch: number;
    readonly trainLoss: number;
    readonly validLoss: number;
    /** What the model wrote by then, where it was asked to. */
    readonly sample?: string;
  }[];
}

/** A tensor in plain memory. */
export interface PlainTensor {
  /** Its sizes. */
  readonly shape: readonly number[];
  /** Its numbers, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** How far an epoch is: the steps taken, and the sum of their tokens' losses. */
export interface EpochUnderWay {
  readonly steps: number;
  readonly lossSum: number;
  /** Of the last steps, if training stopped between two readings: their losses are in no sum yet. */
  readonly waiting?: readonly BatchLoss[];
}

/** Where a training run stands. */
export interface TrainingState {
  /** Plain JSON. Batch order and dropout follow from the seed, `epoch` and `step` alone. */
  readonly progress: {
    /** Epochs done. */
    readonly epoch: number;
    /** Steps done, also the optimizer's. */
    readonly step: number;
    /** What was done of the epoch under way: its steps, and the sum of their tokens' losses. */
    readonly underWay: EpochUnderWay;
    /** The epoch whose weights are kept, and its validation loss; 0 when there was none. */
    readonly best: { readonly epoch: number; readonly validLoss: number };
    readonly history: TrainingHistory;
  };
  /** Seconds that it took so far. */
  readonly seconds: number;
  /** `parameters/NAME`, `best/NAME` and `optimizer/NAME`. */
  readonly tensors: ReadonlyMap<string, PlainTensor>;
}

/** Copies tensors into plain memory. */
export async function readTensors(
  tensors: ReadonlyMap<string, tf.Tensor>,
): Promise<Map<string, PlainTensor>> {
  const read = await Promise.all(Array.from(tensors, async ([name, tensor]) => {
    const values = Float32Array.from(await tensor.data<"float32">());
    return [name, { shape: [...tensor.shape], values }] as const;
  }));
  return new Map(read);
}

/** Sets variables to the values of the same name. */
export function assignTensors(
  variables: ReadonlyMap<string, tf.Variable>,
  tensors: ReadonlyMap<string, PlainTensor>,
): void {
  for (const [name, variable] of variables) {
    const plain = tensors.get(name);
    if (!plain) throw new RangeError(`Expected values for ${name}, got none`);
    tf.tidy(() => variable.assign(toTensor(plain)));
  }
}

/** Sets an optimizer to where it stood. */
export function restoreOptimizer(
  optimizer: Optimizer,
  { step, tensors }: { step: number; tensors: ReadonlyMap<string, PlainTensor> },
): void {
  const copies = new Map(Array.from(tensors, ([name, plain]) => [name, toTensor(plain)]));
  optimizer.restore({ step, tensors: copies });
  tf.dispose([...copies.values()]);
}

/** Those tensors whose name begins with `group/`, without it. */
export function tensorsOf(
  state: TrainingState,
  group: "parameters" | "best" | "optimizer",
): Map<string, PlainTensor> {
  const inside = [...state.tensors].filter(([name]) => name.startsWith(`${group}/`));
  return new Map(inside.map(([name, plain]) => [name.slice(group.length + 1), plain]));
}

/** The other way round: all names with `group/` before them. */
export function named<T>(group: string, tensors: ReadonlyMap<string, T>): [string, T][] {
  return Array.from(tensors, ([name, tensor]) => [`${group}/${name}`, tensor]);
}

/** subtle: a copy of the values, for a backend may compute in the very array that it is given. */
function toTensor({ shape, values }: PlainTensor): tf.Tensor {
  return tf.tensor(values.slice(), [...shape]);
}

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
