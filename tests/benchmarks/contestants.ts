/** tfjs backends as contestants: how each does a row's work, with plain or with fused operations. */
import * as tensor from "../../lib/tensor/mod.ts";
import { tf } from "../../lib/tensor/mod.ts";
import * as plain from "../../lib/tensor/reference.ts";
import { createRandom } from "../../lib/random.ts";
import { decodingStep } from "./decoding.ts";
import type { Contestant } from "./measure.ts";
import { createTimedModel, type ModelShape, type Operations, tokenShape } from "./models.ts";
import { createProgram, type Program } from "./programs.ts";
import type { ElementWise, Work } from "./rows.ts";
import { useBackend } from "./threads.ts";

/** What a backend can be asked to do. */
export type BackendWork = Exclude<Work, { kind: "script" | "command" }>;

/** Which backend, and whether models use the fused operations and optimizer. */
export interface Entrant {
  name: string;
  backend: string;
  operations: "plain" | "fused";
  /** On how many threads; one unless said. */
  threads?: number;
}

/** A contestant, and what frees its tensors. */
export interface Prepared extends Contestant {
  dispose(): void;
}

interface Repeated {
  once: () => void | Promise<void>;
  dispose: () => void;
}

/** Makes one entrant ready for a row's work. */
export async function prepare(entrant: Entrant, work: BackendWork): Promise<Prepared> {
  const begin = () => useBackend(entrant.backend, entrant.threads ?? 1);
  await begin();
  const operations = entrant.operations === "fused" ? tensor : plain;
  const kept: tf.Tensor[] = [];
  const input = (...shape: number[]) => {
    const random = createRandom(kept.length, "benchmark");
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: size }, () => random.normal());
    kept.push(tf.tensor(values, shape));
    return kept.at(-1)! as tf.Tensor2D;
  };
  const { once, dispose }: Repeated = work.kind === "program"
    ? programStep(work.program)
    : work.kind === "train"
    ? trainingStep(work.model, { operations, fused: entrant.operations === "fused" })
    : work.kind === "decode"
    ? decodingStep(work, operations)
    : { once: singleOperation(work, { operations, input }), dispose: () => {} };
  return {
    name: entrant.name,
    run: async (repeat) => {
      await begin();
      const start = performance.now();
      for (let i = 0; i < repeat; i++) await once();
      return (performance.now() - start) / 1000;
    },
    dispose: () => {
      dispose();
      tf.dispose(kept);
    },
  };
}

function programStep(program: Program): Repeated {
  const { step, dispose } = createProgram(program);
  return { once: step, dispose };
}

function singleOperation(
  work: Extract<Work, { kind: "matmul" | "elementwise" }>,
  { operations, input }: {
    operations: Operations & Pick<typeof tensor, "gelu">;
    input: (...shape: number[]) => tf.Tensor2D;
  },
): () => void {
  if (work.kind === "matmul") {
    const { form, rows, inner, columns } = work;
    const [first, second] = [form === "tn", form === "nt"];
    const a = first ? input(inner, rows) : input(rows, inner);
    const b = second ? input(columns, inner) : input(inner, columns);
    return () => tf.matMul(a, b, first, second).dispose();
  }
  const [x, y] = [input(...work.shape), input(...work.shape)];
  const gain = input(work.shape[1]) as tf.Tensor as tf.Tensor1D;
  const functions: Record<ElementWise, () => tf.Tensor> = {
    add: () => tf.add(x, y),
    mul: () => tf.mul(x, y),
    exp: () => tf.exp(x),
    tanh: () => tf.tanh(x),
    gelu: () => operations.gelu(x),
    sum: () => tf.sum(x, -1),
    softmax: () => tf.softmax(x),
    transpose: () => tf.transpose(x),
    layerNorm: () => operations.layerNorm(x, { gain, bias: gain }),
  };
  const once = functions[work.operation];
  return () => tf.tidy(() => void once());
}

/** One step of training on a fixed batch, the loss read as a trainer would. */
function trainingStep(
  shape: ModelShape,
  { operations, fused }: { operations: Operations; fused: boolean },
): { once: () => void; dispose: () => void } {
  const model = createTimedModel(shape);
  const random = createRandom(0, "tokens");
  const draw = (length: number) =>
    Int32Array.from({ length }, () => random.integer(shape.vocabulary));
  const [rows, columns] = tokenShape(shape);
  const tokens = tf.tensor2d(draw(rows * columns), [rows, columns], "int32");
  const labels = tf.tensor1d(draw(shape.batch * shape.time), "int32");
  const loss = () => operations.softmaxCrossEntropy(model.logits(tokens, operations), labels);
  const variables = [...model.parameters.values()];
  const train = fused ? fusedStep(model.parameters, loss) : plainStep(variables, loss);
  return {
    once: () => {
      const value = train.once();
      const [number] = value.dataSync();
      value.dispose();
      if (!Number.isFinite(number)) throw new Error(`Expected a finite loss, got ${number}`);
    },
    dispose: () => {
      train.dispose();
      tf.dispose([tokens, labels, ...variables]);
    },
  };
}

function fusedStep(parameters: Map<string, tf.Variable>, loss: () => tf.Scalar) {
  const variables = [...parameters.values()];
  const optimizer = tensor.createAdamW(parameters, { learningRate: 1e-3 });
  return {
    once: () => {
      const { value, gradients } = tensor.valueAndGradients(loss, variables);
      optimizer.step(gradients);
      tf.dispose(gradients);
      return value;
    },
    dispose: () => optimizer.dispose(),
  };
}

/** What a tfjs program does: its own gradients and its own Adam. */
function plainStep(variables: tf.Variable[], loss: () => tf.Scalar) {
  const optimizer = tf.train.adam(1e-3);
  return {
    once: () => optimizer.minimize(loss, true, variables)!,
    dispose: () => optimizer.dispose(),
  };
}
