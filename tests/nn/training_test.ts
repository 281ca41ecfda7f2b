import { assertAlmostEquals, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DivergedError, type Network, stackNames, trainNetwork } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { smallTask, withNetwork } from "./setting.ts";

/** A network whose losses are given. */
function pretender(losses: number[]): Network {
  return {
    stack: "tensor",
    train: (batches) => Promise.resolve(losses.splice(0, batches.length)),
    predict: () => Promise.reject(new Error("not asked for")),
    weights: () => Promise.reject(new Error("not asked for")),
    dispose: () => {},
  };
}

const training = { rows: 5, batch: 2, epochs: 2 };

Deno.test("trainNetwork() weighs a small last batch by its examples", async () => {
  const epochs: number[] = [];
  const losses = await trainNetwork(pretender([1, 2, 30, 1, 1, 6]), {
    ...training,
    rng: createRandom(0),
    onEpoch: (_, loss) => void epochs.push(loss),
  });
  assertEquals(losses, [1, 2, 30, 1, 1, 6]);
  assertAlmostEquals(epochs[0]!, (2 * 1 + 2 * 2 + 30) / 5);
  assertAlmostEquals(epochs[1]!, (2 * 1 + 2 * 1 + 6) / 5);
});

for (const [what, loss] of [["not finite", NaN], ["a thousand times the first", 5001]] as const) {
  Deno.test(`trainNetwork() stops when a loss is ${what}, and says at which step`, async () => {
    const network = pretender([5, 4, 3, 4000, loss, 1]);
    const act = () => trainNetwork(network, { ...training, rng: createRandom(0) });
    const error = await assertRejects(act, DivergedError, `got ${loss} at step 5`);
    assertEquals(error.step, 5);
  });
}

for (const stack of stackNames) {
  Deno.test(`${stack} stops soon with a learning rate that is too large`, async () => {
    await ready("cpu");
    const data = smallTask().train;
    const optimizer = { name: "sgd", learningRate: 0.1 } as const;
    const act = () =>
      withNetwork(
        { stack, data, optimizer },
        (network) =>
          trainNetwork(network, { rows: data.rows, batch: 32, epochs: 50, rng: createRandom(0) }),
      );
    const { message } = await assertRejects(act, DivergedError);
    assertMatch(
      message,
      new RegExp(`^Expected the loss of the ${stack} stack to fall, got .* step [2-9]:`),
    );
  });
}

Deno.test("trainNetwork() asks for at least one epoch", async () => {
  const act = () => trainNetwork(pretender([]), { ...training, epochs: 0, rng: createRandom(0) });
  await assertRejects(act, RangeError, "Expected at least 1 epoch, got 0");
});
