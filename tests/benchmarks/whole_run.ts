/** A whole command as a contestant: the default run, from its start to its page. */
import type { Timing } from "./measure.ts";

/** How long `deno task milestone:lm` takes with so many models at once, once. */
export async function timeDefaultRun(
  { native, jobs }: { native: boolean; jobs: number },
): Promise<Timing> {
  const task = native ? "milestone:lm:native" : "milestone:lm";
  const flags = ["--jobs", `${jobs}`, "--out", "runs/bench", "--restart", "--json"];
  const start = performance.now();
  const { code, stderr } = await new Deno.Command("deno", { args: ["task", task, ...flags] })
    .output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  const seconds = (performance.now() - start) / 1000;
  return { fast: seconds, median: seconds, samples: 1 };
}
