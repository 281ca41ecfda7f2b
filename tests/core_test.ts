/** The core of the project runs in a browser: a bundle of its doors holds nothing that a browser has not. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { bundleForBrowser } from "../lib/bundle.ts";
import { foreignParts } from "./tensor/browser/bundle.ts";

/** Doors of rooms without a machine under them, each with something that its bundle must hold. */
const core = {
  "lib/random.ts": "uniform",
  "lib/autograd/mod.ts": "topologicalOrder",
  "lib/grammar/mod.ts": "entropyFloor",
  "lib/tokenizer/mod.ts": "<|endoftext|>",
  "lib/tensor/mod.ts": "registerBackend",
  "lib/lm/core.ts": "causalSelfAttention",
  "lib/lm/typing/mod.ts": "Breaks the rule",
  "lib/safetensors/core.ts": "expected a header",
};

Deno.test("the doors of the core reach nothing that only Deno, Node or a terminal has", async () => {
  const entry = `tests/.tmp/core-${crypto.randomUUID().slice(0, 8)}.ts`;
  const doors = Object.keys(core);
  const imports = doors.map((door, i) => `import * as room${i} from "../../${door}";\n`);
  const all = doors.map((_, i) => `room${i}`).join(", ");
  await Deno.mkdir("tests/.tmp", { recursive: true });
  await Deno.writeTextFile(entry, `${imports.join("")}console.log(${all});\n`);
  try {
    const code = await bundleForBrowser(entry);
    for (const part of Object.values(core)) assertStringIncludes(code, part);
    assertEquals(foreignParts(code), []);
  } finally {
    await Deno.remove(entry);
  }
});
