/**
 * Runs tfjs-core's test suite on our backends and on the stock cpu backend, and fails when one of ours
 * fails a spec that cpu passes: `deno task test:conformance [BACKEND[:THREADS] …]`, simd, simd:3 and native
 * unless said.
 */
import type { Outcome } from "./suite_on.ts";

const stock = "cpu";
const stockOnly = "Switching cpu backends"; // a suite that asks for a backend named cpu
const scratch = new URL("../.tmp/conformance/", import.meta.url);

/** What became of every spec on a backend, in the order of the suite. */
async function outcomesOn(contestant: string): Promise<Outcome[]> {
  const [backend, threads = "1"] = contestant.split(":") as [string, string?];
  Deno.mkdirSync(scratch, { recursive: true });
  const out = new URL(`${backend}-${threads}.json`, scratch);
  const permissions = ["--allow-read", "--allow-env", "--allow-write=tests/.tmp"];
  if (backend === "native") permissions.push("--allow-ffi");
  const suite = new URL("suite_on.ts", import.meta.url).pathname;
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["run", ...permissions, suite, backend, out.pathname, threads],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(`The suite did not end on ${backend}\n${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(Deno.readTextFileSync(out));
}

function summary(backend: string, outcomes: Outcome[]): string {
  const counts = ["passed", "failed", "pending"].map((status) =>
    `${outcomes.filter((outcome) => outcome.status === status).length} ${status}`
  );
  return `${backend}: ${counts.join(", ")}`;
}

/** Some specs share a name; the n-th of a name is a spec of its own. */
function byName(outcomes: Outcome[]): Map<string, Outcome> {
  const named = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    let name = outcome.name;
    for (let i = 2; named.has(name); i++) name = `${outcome.name} (${i})`;
    named.set(name, outcome);
  }
  return named;
}

/** The specs that the stock backend passes and this one does not, with what was wrong. */
function regressions(expected: Outcome[], actual: Outcome[]): string[] {
  const ours = byName(actual);
  return [...byName(expected)]
    .filter(([name]) => !name.startsWith(stockOnly))
    .filter(([name, { status }]) => status === "passed" && ours.get(name)?.status !== "passed")
    .map(([name]) => [name, ...ours.get(name)?.messages ?? ["it did not run"]].join("\n    "));
}

async function main(backends: string[]): Promise<void> {
  const expected = await outcomesOn(stock);
  console.log(summary(stock, expected));
  let failed = expected.length < 4000; // an empty suite would pass
  for (const backend of backends) {
    const actual = await outcomesOn(backend);
    console.log(summary(backend, actual));
    const lost = regressions(expected, actual);
    for (const spec of lost) console.log(`  ${stock} passes, ${backend} does not: ${spec}`);
    failed ||= lost.length > 0;
  }
  Deno.exit(failed ? 1 : 0);
}

await main(Deno.args.length > 0 ? Deno.args : ["simd", "simd:3", "native"]);
