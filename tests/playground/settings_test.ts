/** What a reader may choose, as an address. */
import { assert, assertEquals } from "@std/assert";
import { experiments, fromHash, toHash } from "../../lib/playground/mod.ts";
import { createGrammar, families } from "../../lib/grammar/mod.ts";
import { choicesOfN, defaultModel, defaults, nameOf } from "../../lib/playground/settings.ts";
import { requireModel } from "../../lib/lm/models/registry.ts";

Deno.test("an address of untouched settings is empty, and an empty one is untouched settings", () => {
  assertEquals(toHash(defaults), "");
  assertEquals(fromHash(""), defaults);
});

Deno.test("settings come back from their address", () => {
  const settings = {
    ...{ grammar: "echo", n: 4, train: 3_000, epochs: 40, seed: 7 },
    models: [
      { ...defaultModel, architecture: "mlp" as const, lookBack: 4, scale: 2 },
      { ...defaultModel, architecture: "transformer" as const, heads: 4, learningRate: 0.03 },
    ],
  };
  assertEquals(fromHash(`#${toHash(settings)}`), settings);
  for (const { settings } of experiments) assertEquals(fromHash(toHash(settings)), settings);
});

Deno.test("what is not offered in an address is as usual", () => {
  const hostile =
    "#grammar=__proto__&n=1e9&seed=-1&train=99999999&a.architecture=<img>&a.scale=NaN";
  assertEquals(fromHash(hostile), defaults);
  assertEquals(fromHash("#grammar=dyck&n=9").n, 3);
  assertEquals(fromHash("#grammar=brackets&n=6").n, 3);
});

Deno.test("every language and N that is offered can be made", () => {
  assertEquals(families.map(({ name }) => name).toSorted(), Object.keys(choicesOfN).toSorted());
  for (const [family, values] of Object.entries(choicesOfN)) {
    for (const n of values) assert(createGrammar(family, n).n === n);
  }
});

Deno.test("models have the names of milestone:lm", () => {
  const names = (["bigram", "mlp", "gru"] as const).map((architecture) =>
    nameOf({ ...defaultModel, architecture })
  );
  assertEquals(names, ["bigram", "mlp-2", "gru"]);
  names.forEach((name) => requireModel(name));
});
