/** What a worker of the page does, here without a worker. */
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { createRandom } from "../../lib/random.ts";
import type { Look, Report } from "../../lib/playground/protocol.ts";
import { defaultModel, defaults } from "../../lib/playground/settings.ts";
import { alignTo } from "../../lib/playground/worker/align.ts";
import { isDue, startSession } from "../../lib/playground/worker/session.ts";
import { ready } from "../../lib/tensor/mod.ts";

Deno.test("alignTo() undoes every turn and every mirror", () => {
  const rng = createRandom(0, "points");
  const draw = () => Array.from({ length: 9 }, () => rng.uniform() - 0.5);
  const before = { x: draw(), y: draw() };
  for (const [angle, mirror] of [[0, 1], [2.5, 1], [-1, -1], [Math.PI, -1]] as const) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const moved = {
      x: before.x.map((x, i) => cos * x - sin * before.y[i]!),
      y: before.x.map((x, i) => mirror * (sin * x + cos * before.y[i]!)),
    };
    const back = alignTo(moved, before);
    before.x.forEach((x, i) => assertAlmostEquals(back.x[i]!, x, 1e-12));
    before.y.forEach((y, i) => assertAlmostEquals(back.y[i]!, y, 1e-12));
  }
});

Deno.test("isDue() asks for many looks at the beginning, and for some fifty in all", () => {
  const steps = 3140;
  const looks: number[] = [];
  for (let step = 20, last = 0; step <= steps; step += 20) {
    if (isDue(step, { last, steps })) looks.push(last = step);
  }
  assertEquals(looks.slice(0, 5), [20, 40, 60, 80, 100]);
  assert(looks.length > 40 && looks.length < 70, `${looks.length} looks`);
});

Deno.test("a session trains step by step, pauses, goes on to its end, and reads with weights of the past", async () => {
  await ready("simd");
  const told: Report[] = [];
  let heard = () => {};
  const tell = (report: Report) => {
    told.push(report);
    heard();
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>((resolve) => heard = resolve);
  };
  const looks = (): Look[] => told.flatMap((one) => one.kind === "look" ? [one.look] : []);
  const lesson = { ...defaults, train: 320, epochs: 4, model: defaultModel }; // 20 steps
  const session = await startSession(lesson, { tell });
  assertEquals(told.map(({ kind }) => kind), ["opened", "look"]);
  session.step();
  await until(() => told.at(-1)!.kind === "paused");
  session.step();
  await until(() => told.filter(({ kind }) => kind === "paused").length === 2);
  assertEquals(looks().map(({ step }) => step), [0, 1, 2]);
  session.go();
  await until(() => told.at(-1)!.kind === "done");
  assertEquals(looks().at(-1)!.step, 20);
  const late = looks().length - 1;
  const [first, last] = await Promise.all([session.read("aa", 0), session.read("aa", late)]);
  const again = await session.read("aa", 0);
  assertEquals(again, first);
  assertNotEquals(last, first);
  assertEquals(first.probabilities.length, 3 * 63); // at three places, 62 characters and the end
});
