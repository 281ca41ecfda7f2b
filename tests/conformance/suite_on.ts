/**
 * Runs tfjs-core's test suite on one backend and writes what became of each spec, as JSON:
 * `suite_on.ts BACKEND OUT.json [THREADS]`. A process of its own, since jasmine and tfjs are global.
 */
import { createRequire } from "node:module";
import { type BackendName, ready, tf } from "../../lib/tensor/mod.ts";
import { SimdBackend } from "../../lib/tensor/simd/mod.ts";
import { copySuite } from "./suite.ts";

/** What became of one spec. */
export interface Outcome {
  name: string; // the same for every backend
  status: string; // passed, failed, pending or excluded
  messages: string[];
}

interface Spec {
  fullName: string;
  status: string;
  failedExpectations: { message: string }[];
}

async function runSuite(backend: string): Promise<Outcome[]> {
  const require = createRequire(import.meta.url);
  const jasmineRequire = require("jasmine-core/lib/jasmine-core/jasmine.js");
  const jasmine = jasmineRequire.core(jasmineRequire);
  const env = jasmine.getEnv({ suppressLoadErrors: true });
  // The suite's modules expect these names to be global.
  Object.assign(globalThis, { jasmine, require, ...jasmineRequire.interface(jasmine, env) });

  const { environments, tests } = copySuite(
    new URL(`../.tmp/conformance/${backend}/`, import.meta.url),
  );
  const { setTestEnvs } = await import(environments.href);
  setTestEnvs([{ name: backend, backendName: backend, isDataSync: true }]);
  await import(tests.href);

  const outcomes: Outcome[] = [];
  const outcome = ({ fullName, status, failedExpectations }: Spec): Outcome => ({
    name: fullName.replaceAll(` ${backend} {}`, ""),
    status,
    messages: failedExpectations.map(({ message }) => message.slice(0, 300)),
  });
  env.configure({ random: false });
  env.addReporter({ specDone: (spec: Spec) => void outcomes.push(outcome(spec)) });
  await env.execute();
  return outcomes;
}

const [backend, out, threads = "1"] = Deno.args as [BackendName, string, string?];
await ready({ backend, threads: Number(threads) });
const current = tf.backend();
if (threads !== "1") {
  if (!(current instanceof SimdBackend) || current.pool.threads !== Number(threads)) {
    throw new Error(`Expected ${threads} threads on ${backend}, got fewer`);
  }
  // the suite's tensors are small: cut all work into as many parts as can be made
  current.usePool({ ...current.pool, parts: (_, most) => Math.min(8, Math.floor(most)) });
}
Deno.writeTextFileSync(out, JSON.stringify(await runSuite(backend)));
Deno.exit(0); // specs leave timers behind
