import { assertEquals, assertRejects } from "@std/assert";
import { StoppedError, UsageError } from "../lib/errors.ts";
import { onWorkers, type Outcome } from "../lib/workers.ts";

const module = new URL("./worker_for_test.ts", import.meta.url);

/** Numbers to be squared, or words that make a worker do something else. */
type Piece = number | "break" | "refuse" | "refuse in its own way" | "wait";

const results = (outcomes: Outcome<number>[]) =>
  outcomes.map((outcome) => "result" in outcome ? outcome.result : outcome.problem);

Deno.test("onWorkers() gives the results in the order of the pieces, for any number of workers", async () => {
  for (const jobs of [1, 2, 5]) {
    const outcomes = await onWorkers<Piece, number>([1, 2, 3, 4], { module, jobs });
    assertEquals(results(outcomes), [1, 4, 9, 16]);
  }
});

Deno.test("onWorkers() passes on what workers say, and each result when it comes", async () => {
  const news: string[] = [];
  const came: [number, number][] = [];
  await onWorkers<Piece, number, string>([2, 3], {
    ...{ module, jobs: 1 },
    onNews: (text) => news.push(text),
    onResult: (result, index) => Promise.resolve(void came.push([index, result])),
  });
  assertEquals(news, ["squaring 2", "squaring 3"]);
  assertEquals(came, [[0, 4], [1, 9]]);
});

Deno.test("a worker that breaks costs its piece alone", async () => {
  for (const jobs of [1, 2]) {
    const outcomes = await onWorkers<Piece, number>([1, "break", 3], { module, jobs });
    const [first, broken, last] = results(outcomes);
    assertEquals([first, last], [1, 9]);
    assertEquals(`${broken}`.includes("its worker broke"), true, `${broken}`);
  }
});

Deno.test("a piece that cannot work ends all with its message", async () => {
  await assertRejects(
    () => onWorkers<Piece, number>([1, "refuse", 3, 4], { module, jobs: 2 }),
    UsageError,
    "Expected a number, got refuse",
  );
});

Deno.test("a piece that is refused by an error of its own kind ends all as well", async () => {
  await assertRejects(
    () => onWorkers<Piece, number>(["refuse in its own way", 2], { module, jobs: 1 }),
    UsageError,
    "Expected a square, got a circle",
  );
});

Deno.test("when a piece cannot work, none is begun after it", async () => {
  const begun: string[] = [];
  await assertRejects(() =>
    onWorkers<Piece, number, string>([1, "refuse", 3, 4], {
      ...{ module, jobs: 1 },
      onNews: (text) => begun.push(text),
    }), UsageError);
  assertEquals(begun, ["squaring 1"]);
});

Deno.test("who asks to stop stops all workers, which would go on for ever", async () => {
  let asked = 0;
  await assertRejects(
    () =>
      onWorkers<Piece, number>(["wait", "wait", 1], {
        ...{ module, jobs: 2 },
        stopRequested: () => Promise.resolve(++asked > 3),
      }),
    StoppedError,
  );
});
