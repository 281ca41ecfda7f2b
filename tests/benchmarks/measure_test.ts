import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Contestant, measure, quantile } from "./measure.ts";
import { head, tableRow } from "./report.ts";
import { ROWS } from "./rows.ts";

/** Takes the given seconds for one repetition, without taking them. */
function pretend(name: string, seconds: number[]): Contestant {
  let calls = 0;
  return {
    name,
    run: (repeat) => Promise.resolve(repeat * seconds[calls++ % seconds.length]!),
  };
}

Deno.test("quantile() lies between neighbours", () => {
  assertEquals(quantile([1, 2, 4], 0.5), 2);
  assertEquals(quantile([1, 2, 4], 0.75), 3);
  assertEquals(quantile([7], 0.1), 7);
});

Deno.test("measure() gives each contestant its time, and at least three samples", async () => {
  const [quick, slow] = [pretend("quick", [0.001]), pretend("slow", [5])];
  const timings = await measure([quick, slow], { seconds: 1 });
  assertEquals(timings.get("slow"), { fast: 5, median: 5, samples: 3 });
  assertAlmostEquals(timings.get("quick")!.median, 0.001, 1e-12);
  assert(timings.get("quick")!.samples >= 40);
});

Deno.test("measure() takes the fast phases of a machine for the 10th percentile", async () => {
  const timings = await measure([pretend("flipping", [3, 3, 1])], { seconds: 30 });
  const { fast, median } = timings.get("flipping")!;
  assertEquals([fast, median], [1, 3]);
});

Deno.test("tableRow() shows rates where operations are known, and ratios of what was timed", () => {
  const row = ROWS.find(({ name }) => name === "matmul-16-nn")!;
  const timing = (fast: number) => ({ fast, median: 2 * fast, samples: 3 });
  const timings = new Map([["simd fused", timing(1e-4)], ["torch", timing(2e-4)]]);
  const columns = ["simd fused", "torch", "wasm"];
  const onTwo = ["simd fused ×2", "torch ×2"];
  assertEquals(head([...columns, ...onTwo]).at(-1), "simd fused ×2 / torch ×2");
  assertEquals(head(columns).at(-2), "simd fused / torch");
  assertEquals(tableRow({ row, timings }, columns), [
    "x·w, C = 16",
    "21.0 (10.5) GFLOP/s",
    "10.5 (5.24) GFLOP/s",
    "",
    "0.50",
    "",
  ]);
});
