import { assertEquals, assertStringIncludes } from "@std/assert";
import { jobsForCores, jobsThatFit } from "../../lib/command/mod.ts";

const gibibyte = 2 ** 30;

/** What a function prints on standard error. */
function said(run: () => unknown): string {
  const { error } = console;
  const lines: string[] = [];
  console.error = (line: string) => lines.push(line);
  try {
    run();
  } finally {
    console.error = error;
  }
  return lines.join("\n");
}

Deno.test("jobsForCores() lets jobs times threads be no more than the cores, and one job at least", () => {
  const jobs = [1, 2, 3, 16].map((threads) => jobsForCores(threads, 8));
  assertEquals(jobs, [8, 4, 2, 1]);
});

Deno.test("jobsThatFit() takes no more jobs than there are pieces of work", () => {
  assertEquals(jobsThatFit(4, { bytes: [1, 1], available: 100 * gibibyte }), 2);
});

Deno.test("jobsThatFit() takes fewer where the largest would not fit side by side, and says so", () => {
  const bytes = [0, gibibyte, 0, 2 * gibibyte]; // 2.6 and 1.4 GiB with what a worker takes
  const fitting = (available: number) => {
    let jobs = 0;
    const line = said(() => jobs = jobsThatFit(4, { bytes, available }));
    return [jobs, line] as const;
  };
  assertEquals(fitting(5 * gibibyte), [4, ""]);
  assertEquals(fitting(4.15 * gibibyte)[0], 3);
  assertEquals(fitting(3.5 * gibibyte)[0], 1);
  assertEquals(fitting(0.1 * gibibyte)[0], 1);
  assertStringIncludes(fitting(3.5 * gibibyte)[1], "1 at once instead of 4: 3.5 GiB are free");
});

Deno.test("jobsThatFit() asks nobody where it may not", () => {
  assertEquals(jobsThatFit(3, { bytes: [gibibyte, gibibyte, gibibyte] }), 3);
});
