/** The same descent by another library: tfjs's own gradients and optimizer, in float32. */
import { ready, tf } from "../../tensor/mod.ts";
import type { Problem, Step } from "./regression.ts";

/** The guesses before each of `steps` steps and after the last. */
export async function descendTfjs(
  problem: Problem,
  { steps, learningRate }: { steps: number; learningRate: number },
): Promise<Step[]> {
  const before = tf.getBackend() || "cpu";
  await ready("cpu");
  tf.env().set("IS_NODE", false); // else tfjs advises a package that Deno cannot load
  try {
    let seen: Step[] = [];
    tf.tidy(() => void (seen = path(problem, { steps, learningRate })));
    return seen;
  } finally {
    tf.env().set("IS_NODE", true);
    await tf.setBackend(before); // it is one for the whole program
  }
}

function path(
  problem: Problem,
  { steps, learningRate }: { steps: number; learningRate: number },
): Step[] {
  const x = tf.tensor1d(problem.x); // [N]
  const y = tf.tensor1d(problem.y); // [N]
  const a = tf.scalar(problem.start.a).variable();
  const b = tf.scalar(problem.start.b).variable();
  const loss = () => a.mul(x).add(b).sub(y).square().mean().asScalar();
  const now = () => ({ a: a.dataSync()[0]!, b: b.dataSync()[0]!, loss: loss().dataSync()[0]! });
  const optimizer = tf.train.sgd(learningRate);
  const seen = [now()];
  for (let step = 0; step < steps; step++) {
    optimizer.minimize(loss, false, [a, b]);
    seen.push(tf.tidy(now));
  }
  for (const owned of [a, b, optimizer]) owned.dispose(); // tidy does not free variables
  return seen;
}
