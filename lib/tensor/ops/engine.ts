/** The parts of tfjs's engine that its types keep to themselves. tfjs's version is pinned for them. */
import * as tf from "@tensorflow/tfjs";

/** The gradient by each input, computed when asked for. */
export type Gradients = Record<string, () => tf.Tensor>;

/** An operation on the tape. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: tf.NamedTensorMap;
  readonly outputs: tf.Tensor[];
  /** What its gradient needs, kept until the backward pass is over. */
  saved: tf.Tensor[];
  /** The gradients by the inputs from those by the outputs, null where an output was not used. */
  readonly gradient?: (dys: (tf.Tensor | null)[]) => Gradients;
}

/** What we use of tfjs's engine. */
export interface Engine {
  readonly state: {
    /** How many calls of kernels we are in; inside one, nothing is recorded. */
    kernelDepth: number;
    /** How many calls of `tf.grads` and its like we are in. */
    gradientDepth: number;
    activeTape: TapeNode[] | null;
  };
  readonly backend: { incRef(dataId: tf.DataId): void };
  isTapeOn(): boolean;
  /** Keeps what a kernel's gradient will need. */
  saveTensorsForBackwardMode(this: Engine, tensors: tf.Tensor[]): tf.Tensor[];
  startTape(): void;
  endTape(): void;
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor;
  addTapeNode(
    name: string,
    inputs: tf.NamedTensorMap,
    outputs: tf.Tensor[],
    gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => Gradients,
    saved: tf.Tensor[],
    attributes: Record<string, never>,
  ): void;
}

/** tfjs's engine. */
export function engine(): Engine {
  return tf.engine() as unknown as Engine;
}
