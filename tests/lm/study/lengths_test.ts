import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type LengthsCell,
  type LengthsOptions,
  runLengthsCell,
} from "../../../lib/lm/study/lengths/cell.ts";
import { buildLengthsPage } from "../../../lib/lm/study/lengths/page.ts";
import { meanExcess, summariseLengths } from "../../../lib/lm/study/lengths/summary.ts";

const options: LengthsOptions = {
  ...{ grammar: "parity", n: 2, seed: 0, models: ["random", "mlp-1", "transformer-nope"] },
  ...{ train: 300, epochs: 2, scale: 1, longest: 4, times: 3, strings: 30 },
};

Deno.test("runLengthsCell() judges each place, keeps what is done, and repeats it to the last digit", async () => {
  const out = `tests/.tmp/lengths-${crypto.randomUUID()}`;
  try {
    const cell = await runLengthsCell(options, { out });
    assertEquals(cell.models.map(({ name }) => name), options.models);
    const [random, mlp, transformer] = cell.models;
    for (const { excess, error, wrong } of cell.models) {
      assertEquals([excess.length, error.length, wrong.length], [13, 13, 13]);
    }
    // Parity 2 lets half the characters follow, at every place alike.
    random!.wrong.slice(1).forEach((share) => assertAlmostEquals(share, 26 / 53, 1e-6));
    assertEquals([random!.exact, mlp!.exact, transformer!.exact], [13, 13, 3]);
    assertEquals(random!.baselines, null);
    assert(mlp!.baselines!.untrained > 0 && mlp!.baselines!.shuffled > 0);
    const path = `${out}/parity-2-0/lengths.json`;
    const before = await Deno.readTextFile(path);
    assertEquals(await runLengthsCell(options, { out }), JSON.parse(JSON.stringify(cell)));
    await runLengthsCell(options, { out, restart: true });
    assertEquals(await Deno.readTextFile(path), before);
    await Deno.writeTextFile(path, before.slice(0, 200)); // killed while writing
    await runLengthsCell(options, { out });
    assertEquals(await Deno.readTextFile(path), before);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

/** A run whose numbers are made up: one model, as good everywhere but at its last place. */
function cell(seed: number, [near, far]: [number, number]): LengthsCell {
  return {
    options: { ...options, grammar: "sticky", n: 3, seed, models: ["mlp-2"], longest: 1, times: 2 },
    models: [{
      ...{ name: "mlp-2", parameters: 7, excess: [near, near, far], error: [0, 0, far / 10] },
      ...{ wrong: [0, 0.1, 0.2], exact: 2, baselines: { untrained: 1, shuffled: 2 } },
    }],
  };
}

Deno.test("summariseLengths() is the mean at each place, with its deviation over seeds, by hand", () => {
  const [summary] = summariseLengths([cell(0, [0.1, 1]), cell(1, [0.3, 3])]);
  const [model] = summary!.models;
  assertEquals([summary!.family, summary!.longest, summary!.idealExcess.length], ["sticky", 1, 2]);
  assertEquals([model!.role, model!.seeds, model!.exact], ["mlp N−1", 2, 2]);
  assertEquals(model!.excess, { mean: [0.2, 0.2, 2], deviation: [0.141, 0.141, 1.41] });
  assertEquals(model!.relativeError, 0.1);
  assertEquals([model!.untrained!.mean, model!.shuffled!.mean], [1, 2]);
  assertAlmostEquals(meanExcess(model!, [1, 3]), 1.1, 1e-12);
});

Deno.test("buildLengthsPage() shows each model at each place, and what was drawn", () => {
  const page = buildLengthsPage(summariseLengths([cell(0, [0.01, 1])]));
  assertStringIncludes(page, '"z":[[-2,-2,0]]');
  assertStringIncludes(page, "mlp N−1");
  assertStringIncludes(page, '<td style="text-align:left">0–1</td>');
  assertStringIncludes(page, "10 %");
});

Deno.test("the command refuses lengths that no strings could be drawn of, in one line", async () => {
  for (
    const [args, message] of [
      [["--grammars", "dyck"], "Expected a grammar with a bound on its memory, got dyck"],
      [["--models", "nope"], "Expected models among"],
      [["--times", "1"], "Expected a whole number of at least 2"],
    ] as const
  ) {
    const { code, stderr } = await new Deno.Command("deno", {
      args: [
        ...["run", "--no-prompt", "--allow-read", "--allow-env", "lib/lm/study/main.ts"],
        ...["--lengths", ...args],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stderr).trimEnd();
    assertEquals([code, text.split("\n").length], [1, 1], text);
    assertStringIncludes(text, message);
  }
});
