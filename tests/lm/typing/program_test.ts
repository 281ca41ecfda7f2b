/** The committed script of the box answers what the sources answer. */
import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { createGrammar, grammarNames } from "../../../lib/grammar/mod.ts";
import { encodeModel } from "../../../lib/lm/checkpoint/mod.ts";
import { createModel, createVocabulary, usualModels } from "../../../lib/lm/core.ts";
import { isPortable } from "../../../lib/lm/page/typing.ts";
import { createTextBox, predictorOf } from "../../../lib/lm/typing/mod.ts";
import { packedBox } from "../../../lib/lm/typing/program.ts";
import type { TypedText } from "../../../lib/lm/typing/typed_text.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { foreignParts } from "../../tensor/browser/bundle.ts";
import { withDocument } from "./document.ts";

const script = gunzipSync(Uint8Array.fromBase64(packedBox)).toString();

/** A model of a grammar, as a page carries it, with what a box of the sources shows of some texts. */
async function cases(family: string, name: string): Promise<{ data: TypedText; shown: string }[]> {
  const grammar = createGrammar(family, 3);
  const { alphabet } = grammar;
  const rng = createRandom(7);
  const vocabulary = createVocabulary(alphabet);
  const strings = () => [vocabulary.encode(grammar.sample(createRandom(3)))];
  const model = createModel(name, { vocabulary, grammar, strings, rng, sizes: { scale: 1 } });
  if (!isPortable(model)) return [];
  const weights = (await encodeModel(model)).toBase64();
  const models = [{ name, predict: predictorOf(model, { alphabet }) }];
  const texts = [grammar.sample(rng).slice(0, 12), `${alphabet[1]}${alphabet.at(-1)}é`, ""];
  const found = [];
  for (const text of texts) {
    const { element, show } = createTextBox({ grammar, models, text });
    await show({});
    const data = { family, n: 3, models: [{ name, weights }], text };
    found.push({ data, shown: element.outerHTML });
  }
  model.dispose();
  return found;
}

/** What the committed script makes of each place. */
async function shownByScript(places: TypedText[]): Promise<string[]> {
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", "--allow-read", "--allow-env", "tests/lm/typing/run_program.ts"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify({ script, places })));
  await writer.close();
  return JSON.parse(new TextDecoder().decode((await child.output()).stdout));
}

Deno.test("the committed script shows what the sources show, for every grammar and every model", async () => {
  await ready("cpu");
  const wanted = await withDocument(async () => {
    const found = [];
    for (const family of grammarNames) {
      const names = family === grammarNames[0] ? usualModels(3) : ["transformer"];
      for (const name of names) found.push(...await cases(family, name));
    }
    return found;
  });
  const shown = await shownByScript(wanted.map(({ data }) => data));
  assertEquals(wanted.length, 3 * (grammarNames.length - 1 + 9));
  wanted.forEach(({ data: { family, models, text }, shown: own }, i) => {
    const of = `${family}, ${models[0]!.name}, ${JSON.stringify(text)}`;
    assertEquals(shown[i], own, `Outdated (${of}): run deno task build:box`);
  });
});

Deno.test("the committed script has nothing that a browser has not, and no kernels that need a weaker policy", () => {
  assertEquals(foreignParts(script), []);
  assert(!script.includes("AGFzbQ"), "WebAssembly in base64");
});
