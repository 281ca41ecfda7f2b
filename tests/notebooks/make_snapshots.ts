/**
 * Makes what 09_tokenizer and 10_real_text show and cannot train in the minute that they have.
 *
 * `deno run --allow-read --allow-env --allow-write=notebooks/snapshots tests/notebooks/make_snapshots.ts NAME…`
 * makes these, or, without a name, those that are committed, which are all but the last:
 *
 * | name | what | on one free core |
 * | --- | --- | --- |
 * | `moby-dick` | one of 209,000 weights on Moby Dick, 1,500 steps | two minutes |
 * | `vocabularies` | one GPT over bytes and over longer tokens, two seeds | four minutes |
 * | `moby-dick-long` | one of 470,000 weights, 20,000 steps, for an exercise | an hour |
 *
 * nanogpt.py beside this file trains PyTorch's on the same text, with the sizes and steps of `moby-dick`.
 */
import { runCommand, UsageError, writeWhole } from "../../lib/command/mod.ts";
import type { NeuralModel } from "../../lib/lm/mod.ts";
import { writeSafetensors } from "../../lib/safetensors/mod.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { plans, trainOnNovel } from "./snapshots/moby_dick.ts";
import { compareVocabularies } from "./snapshots/vocabularies.ts";

const folder = "notebooks/snapshots";

const writeRecord = (name: string, record: unknown) =>
  writeWhole(`${folder}/${name}.json`, `${JSON.stringify(record, null, 2)}\n`);

/** The weights as 16-bit floats: half the file, and a loss that differs in the fourth digit. */
async function writeModel(name: string, { parameters }: NeuralModel): Promise<void> {
  const tensors = new Map(
    Array.from(parameters, ([key, parameter]) => [
      key,
      { shape: parameter.shape, values: Float16Array.from(parameter.dataSync()) },
    ]),
  );
  await writeSafetensors(`${folder}/${name}.safetensors`, { tensors });
}

async function makeNovel(name: "moby-dick" | "moby-dick-long"): Promise<void> {
  const { model, record } = await trainOnNovel(plans[name], 0);
  await writeModel(name, model);
  await writeRecord(name, record);
}

const makers: Readonly<Record<string, () => Promise<void>>> = {
  "moby-dick": () => makeNovel("moby-dick"),
  "moby-dick-long": () => makeNovel("moby-dick-long"),
  vocabularies: async () => writeRecord("vocabularies", await compareVocabularies()),
};

const committed = ["moby-dick", "vocabularies"];

await runCommand(async () => {
  const wanted = Deno.args.length > 0 ? Deno.args : committed;
  const unknown = wanted.find((name) => !Object.hasOwn(makers, name));
  if (unknown !== undefined) {
    throw new UsageError(`Expected names out of ${Object.keys(makers).join(", ")}, got ${unknown}`);
  }
  await ready("simd"); // the same numbers on every machine
  for (const name of wanted) {
    console.log(name);
    await makers[name]!();
  }
});
