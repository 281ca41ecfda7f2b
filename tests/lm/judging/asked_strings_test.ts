import { assertEquals } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { describeAsked } from "../../../lib/lm/judging/asked_strings.ts";

const grammar = createGrammar("sticky", 3); // runs of at least two characters
const training = ["ab", "AB12"];

Deno.test("describeAsked() groups different new strings by their length, borders included", () => {
  const lengths = [1, 2, 3, 4, 5, 8, 9, 16, 17, 40];
  const samples = [...lengths.map((length) => "x".repeat(length)), "xx", ...training];
  const asked = describeAsked({ samples, copied: 2, rejected: { code: 1 } }, { grammar, training });
  assertEquals(asked.byLength, [
    { from: 1, to: 2, new: 2, valid: 1 }, // one character alone is no run
    { from: 3, to: 4, new: 2, valid: 2 },
    { from: 5, to: 8, new: 2, valid: 2 },
    { from: 9, to: 16, new: 2, valid: 2 },
    { from: 17, to: null, new: 2, valid: 2 },
  ]);
  assertEquals([asked.parsed, asked.copied, asked.rejected], [13, 2, { code: 1 }]);
  assertEquals([asked.meanLength, asked.trueMeanLength], [(105 + 2 + 6) / 13, 3]);
});

Deno.test("describeAsked() of no strings has no mean length", () => {
  const asked = describeAsked({ samples: [], copied: 0, rejected: {} }, { grammar, training });
  assertEquals([asked.meanLength, asked.byLength], [null, []]);
});
