import { assertEquals, assertThrows } from "@std/assert";
import { charactersOfTokens, createBpeVocabulary } from "../../../lib/lm/data/bpe_vocabulary.ts";
import { createBpeTokenizer, END_OF_TEXT, trainBpe } from "../../../lib/tokenizer/mod.ts";

const tokenizer = trainBpe(["añ añ"], { size: 259 }); // merges ñ of its bytes, then añ
const vocabulary = createBpeVocabulary(tokenizer);

Deno.test("what a text calls the end of text is letters: only a model writes the end", () => {
  const ids = vocabulary.encode(`a${END_OF_TEXT}b`);
  assertEquals(ids.includes(vocabulary.end), false);
  assertEquals(vocabulary.decode(ids), `a${END_OF_TEXT}b`);
});

Deno.test("decode() stops before the first end, and shows nothing of ids beyond the tokenizer's", () => {
  const { encode, end } = vocabulary;
  assertEquals(vocabulary.decode([...encode("añ"), end, ...encode("x")]), "añ");
  const larger = createBpeVocabulary(tokenizer, { size: 270 });
  assertEquals(larger.decode([...encode("a"), 265, ...encode("b")]), "ab");
  assertEquals([larger.symbol(265), larger.symbol(end)], ["<265>", "⏎"]);
});

Deno.test("each character is counted once, however many bytes and tokens it takes, and so is the end", () => {
  const widths = charactersOfTokens(vocabulary);
  const count = (text: string) => vocabulary.encode(text).reduce((sum, id) => sum + widths[id]!, 0);
  assertEquals(["añ", "ña", "ñ", "€😀!"].map(count), [2, 2, 1, 3]);
  assertEquals(widths[vocabulary.end], 1);
});

Deno.test("createBpeVocabulary() wants room for all tokens, and an end", () => {
  const { vocabulary, merges } = tokenizer;
  assertThrows(() => createBpeVocabulary(tokenizer, { size: 258 }), RangeError, "at least 259");
  const endless = createBpeTokenizer({
    vocabulary: new Map([...vocabulary].map(([token, id]) => [token, id - 1])),
    ...{ merges, special: new Map() },
  });
  assertThrows(() => createBpeVocabulary(endless), RangeError, END_OF_TEXT);
});
