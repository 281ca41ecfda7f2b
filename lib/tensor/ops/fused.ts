/**
 * How a fused operation becomes part of tfjs: kernels registered for our backends, and gradients put on
 * tfjs's tape.
 *
 * tfjs would run an Identity kernel for each tensor that a gradient needs later, which at the size of
 * the models here is a good part of a step; a second reference to the same data does as well.
 */
import * as tf from "@tensorflow/tfjs";
import type { SimdBackend } from "../simd/mod.ts";
import { engine, type Gradients } from "./engine.ts";

/** Names of the backends that have the fused kernels. */
const BACKENDS: readonly string[] = ["simd", "native"];

/** What a fused kernel gets. */
export interface KernelArguments<Inputs, Attributes> {
  inputs: Inputs;
  attributes: Attributes;
  backend: SimdBackend;
}

/** Whether the current backend has the fused kernels. */
export function hasFusedKernels(): boolean {
  return BACKENDS.includes(tf.getBackend());
}

/** Registers a kernel; returns the function that runs it on the current backend. */
export function defineKernel<Inputs extends object, Attributes extends object>(
  kernelName: string,
  work: (args: KernelArguments<Inputs, Attributes>) => tf.TensorInfo[],
): (inputs: Inputs, attributes: Attributes) => tf.Tensor[] {
  for (const backendName of BACKENDS) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        work({
          inputs: inputs as unknown as Inputs,
          attributes: attrs as unknown as Attributes,
          backend: backend as SimdBackend,
        }),
    });
  }
  return (inputs, attributes) =>
    tf.engine().runKernel(
      kernelName,
      inputs as unknown as tf.NamedTensorMap,
      attributes as unknown as tf.NamedAttrMap,
    ) as unknown as tf.Tensor[];
}

/**
 * Runs a fused operation and, inside `tf.grads` and its like, records how its gradient is computed.
 *
 * `run` is told whether a gradient will be wanted; it returns the result, the tensors that the gradient
 * needs of what others own (`shared`), and those of its own making (`own`). The gradient gets them as one
 * list, shared ones first.
 */
export function recorded(
  { name, inputs, run, gradient }: {
    name: string;
    inputs: tf.NamedTensorMap;
    run: (wanted: boolean) => {
      output: tf.Tensor;
      shared: tf.Tensor[];
      own: (tf.Tensor | undefined)[];
    };
    gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => Gradients;
  },
): tf.Tensor {
  const { state } = engine();
  if (!engine().isTapeOn()) {
    const { output, own } = run(false);
    own.forEach((tensor) => tensor?.dispose());
    return output;
  }
  state.kernelDepth++; // the kernels inside are not to be recorded one by one
  try {
    const { output, shared, own } = run(true);
    const saved = [...shared.map(reference), ...own.map((tensor) => tf.keep(tensor!))];
    engine().addTapeNode(name, inputs, [output], gradient, saved, {});
    return output;
  } finally {
    state.kernelDepth--;
  }
}

/** A tensor of its own over the same data, which tfjs frees after the backward pass. */
export function reference({ dataId, shape, dtype }: tf.Tensor): tf.Tensor {
  engine().backend.incRef(dataId);
  return tf.keep(engine().makeTensorFromTensorInfo({ dataId, shape, dtype }));
}
