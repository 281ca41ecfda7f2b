import { assertEquals, assertGreater } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createGrammarCorpus } from "../../../lib/lm/data/corpus.ts";

const grammar = createGrammar("sticky", 3);
const counts = { train: 200, valid: 100, test: 50, seed: 7 };

Deno.test("training, validation and test strings come from streams of their own", () => {
  const { train, valid, test } = createGrammarCorpus(grammar, counts);
  assertEquals([train, valid, test].map(({ strings }) => strings.length), [200, 100, 50]);
  // long strings are never drawn twice: one of training in another part would be a leak
  const long = [train, valid, test].map(({ strings }) =>
    strings.filter(({ length }) => length > 9)
  );
  long.forEach((part) => assertGreater(part.length, 10));
  assertEquals(new Set(long.flat()).size, long.flat().length);
});

Deno.test("more strings of one part do not change the others", () => {
  const few = createGrammarCorpus(grammar, counts);
  const many = createGrammarCorpus(grammar, { ...counts, train: 300, valid: 150 });
  assertEquals(many.test, few.test);
  assertEquals(many.train.strings.slice(0, 200), few.train.strings);
  assertEquals(many.valid.strings.slice(0, 100), few.valid.strings);
});
