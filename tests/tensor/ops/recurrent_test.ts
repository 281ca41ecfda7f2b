import { assertThrows } from "@std/assert";
import { gruSequence, ready, rnnSequence, tf } from "../../../lib/tensor/mod.ts";
import { assertClose, checkOperation } from "./check.ts";

const sizes = [[1, 1, 1], [5, 3, 7], [3, 7, 4], [1, 5, 17], [4, 1, 5], [6, 2, 3]] as const;

for (const [batch, time, width] of sizes) {
  checkOperation(`rnnSequence() of ${batch}×${time}, ${width} units`, {
    shapes: [[batch, time, width], [batch, width], [width, width]],
    operation: (ops, [x, initial, recurrent]) =>
      ops.rnnSequence(x as tf.Tensor3D, {
        initial: initial as tf.Tensor2D,
        recurrent: recurrent!.mul(0.5) as tf.Tensor2D,
      }),
  });

  checkOperation(`gruSequence() of ${batch}×${time}, ${width} units`, {
    shapes: [[batch, time, 3 * width], [batch, width], [width, 3 * width], [3 * width]],
    operation: (ops, [x, initial, recurrent, recurrentBias]) =>
      ops.gruSequence(x as tf.Tensor3D, {
        initial: initial as tf.Tensor2D,
        recurrent: recurrent!.mul(0.5) as tf.Tensor2D,
        recurrentBias: recurrentBias as tf.Tensor1D,
      }),
  });
}

Deno.test("rnnSequence() takes two steps worked by hand", async () => {
  await ready("simd");
  const states = rnnSequence(tf.tensor3d([[[0.5], [-1]]]), {
    initial: tf.tensor2d([[2]]),
    recurrent: tf.tensor2d([[0.25]]),
  });
  const first = Math.tanh(0.5 + 2 * 0.25);
  assertClose(states.dataSync(), [first, Math.tanh(-1 + first * 0.25)], "states");
});

Deno.test("gruSequence() takes one step worked by hand", async () => {
  await ready("simd");
  const states = gruSequence(tf.tensor3d([[[0, Math.log(3), 0.5]]]), {
    initial: tf.tensor2d([[2]]),
    recurrent: tf.tensor2d([[0, 0, 1]]),
    recurrentBias: tf.tensor1d([0, 0, 1]),
  });
  const fresh = Math.tanh(0.5 + 0.5 * (2 + 1));
  assertClose(states.dataSync(), [0.25 * fresh + 0.75 * 2], "state");
});

Deno.test("gruSequence() names recurrent weights that do not fit", async () => {
  await ready("simd");
  assertThrows(
    () =>
      gruSequence(tf.zeros([1, 2, 6]), {
        initial: tf.zeros([1, 2]),
        recurrent: tf.zeros([2, 4]),
        recurrentBias: tf.zeros([6]),
      }),
    RangeError,
    "Expected recurrent weights of shape [2,6], got [2,4]",
  );
});
