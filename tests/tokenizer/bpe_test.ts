import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../lib/random.ts";
import {
  createBpeTokenizer,
  END_OF_TEXT,
  readTokenizerJson,
  splitWords,
  trainBpe,
  writeTokenizerJson,
} from "../../lib/tokenizer/mod.ts";
import { byteCharacters } from "../../lib/tokenizer/bytes.ts";
import { mergeWord } from "../../lib/tokenizer/merge.ts";

const file = await Deno.readTextFile(new URL("tokenizer.json", import.meta.url));
const records: { text: string; ids: number[]; decoded: string }[] = JSON.parse(
  await Deno.readTextFile(new URL("encodings.json", import.meta.url)),
);

Deno.test("encode() and decode() equal Hugging Face tokenizers' on difficult texts", () => {
  const tokenizer = readTokenizerJson(file);
  assert(records.length > 70);
  for (const { text, ids, decoded } of records) {
    assertEquals([...tokenizer.encode(text)], ids, JSON.stringify(text));
    assertEquals(tokenizer.decode(ids), decoded);
  }
});

Deno.test("trainBpe() learns the pairs of a text worked by hand", () => {
  // "aa" comes 4 times in aaabdaaabac (Gage, 1994), then "aa"+"a" and "ab" twice each.
  const { merges, size, special } = trainBpe(["aaabdaaabac"], { size: 260 });
  assertEquals(merges, [["a", "a"], ["a", "b"], ["aa", "ab"]]);
  assertEquals([size, special.get(END_OF_TEXT)], [260, 0]);
});

Deno.test("of pairs that come equally often trainBpe() merges the one with lower ids", () => {
  const first = (...texts: string[]) => trainBpe([...texts, ...texts], { size: 258 }).merges[0];
  assertEquals(first("xz", "xy"), ["x", "y"]);
  assertEquals(first("zx", "yx"), ["y", "x"]);
});

Deno.test("trainBpe() prefers the most frequent pair after every merge", () => {
  const text = records.slice(0, 5).map((record) => record.text).join("\n");
  const { merges } = trainBpe([text], { size: 300 });
  // A slow second way: replace in plain strings of tokens and count everything anew.
  let words = splitWords(text).map((word) =>
    Array.from(new TextEncoder().encode(word), (byte) => byteCharacters[byte]!)
  );
  for (const [left, right] of merges) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let i = 1; i < word.length; i++) {
        const key = `${word[i - 1]} ${word[i]}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    assertEquals(counts.get(`${left} ${right}`), Math.max(...counts.values()));
    words = words.map((word) => {
      const merged: string[] = [];
      for (const token of word) {
        if (token === right && merged.at(-1) === left) merged.push(merged.pop()! + token);
        else merged.push(token);
      }
      return merged;
    });
  }
});

Deno.test("a trained tokenizer survives its file, and encodes less than bytes", () => {
  const texts = records.slice(0, 5).map((record) => record.text);
  const trained = trainBpe([...texts, ...texts], { size: 400 }); // so that every pair comes twice
  const read = readTokenizerJson(writeTokenizerJson(trained));
  for (const { text } of records) {
    const ids = trained.encode(text);
    assertEquals(read.encode(text), ids);
    assertEquals(trained.decode(ids), text);
  }
  const bytes = new TextEncoder().encode(texts.join("")).length;
  assert(trained.encode(texts.join("")).length < bytes / 2);
});

Deno.test("a trained tokenizer's file gives back its parts, special tokens apart from the others", () => {
  const trained = trainBpe(["low lower lowest"], { size: 260 });
  const { vocabulary, merges, special } = readTokenizerJson(writeTokenizerJson(trained));
  assertEquals([vocabulary.size, special], [259, new Map([[END_OF_TEXT, 0]])]);
  assertEquals(vocabulary, trained.vocabulary);
  assertEquals(merges, trained.merges);
});

Deno.test("of a merge that stands twice the last rank counts, as in Hugging Face tokenizers", () => {
  const { vocabulary, special } = trainBpe(["ab", "ab", "bc", "bc"], { size: 259 });
  const cut = (merges: [string, string][]) => {
    const tokenizer = createBpeTokenizer({ vocabulary, merges, special });
    return Array.from(tokenizer.encode("abc"), (id) => tokenizer.decode([id]));
  };
  assertEquals(cut([["a", "b"], ["b", "c"]]), ["ab", "c"]);
  assertEquals(cut([["a", "b"], ["b", "c"], ["a", "b"]]), ["a", "bc"]);
});

Deno.test("splitWords() takes Unicode's white space for blanks, and not JavaScript's", () => {
  assertEquals(splitWords("!\u0085"), ["!", "\u0085"]); // a new line that \s does not know
  assertEquals(splitWords("!\ufeff"), ["!\ufeff"]); // a mark that \s takes for a blank
});

Deno.test("encode() and decode() give back random texts of any characters", () => {
  const tokenizer = readTokenizerJson(file);
  assertEquals(tokenizer.decode(tokenizer.encode("\ufeffa")), "\ufeffa"); // no byte order mark is lost
  const rng = createRandom(4);
  for (let i = 0; i < 500; i++) {
    const points = Array.from({ length: rng.integer(40) }, () => {
      const point = rng.integer(rng.choice([0x80, 0x800, 0xd800, 0x10ffff]));
      return point >= 0xd800 && point < 0xe000 ? 0x20 : point;
    });
    const text = String.fromCodePoint(...points);
    assertEquals(tokenizer.decode(tokenizer.encode(text, { special: false })), text);
    assertEquals(splitWords(text).join(""), text);
  }
});

Deno.test("readTokenizerJson() takes a template that adds nothing, and refuses one that adds a token", () => {
  const json = JSON.parse(file);
  const text = { Sequence: { id: "A", type_id: 0 } };
  json.post_processor = { type: "TemplateProcessing", single: [text] };
  json.truncation = { max_length: 4 }; // how it was last called, not how it cuts
  const ids = readTokenizerJson(file).encode("two words");
  assertEquals(readTokenizerJson(JSON.stringify(json)).encode("two words"), ids);
  json.post_processor.single.push({ SpecialToken: { id: END_OF_TEXT, type_id: 0 } });
  assertThrows(() => readTokenizerJson(JSON.stringify(json)), Error, "post_processor.type");
});

Deno.test("encode() reads special tokens, or their letters when told so", () => {
  const tokenizer = readTokenizerJson(file);
  const id = tokenizer.special.get(END_OF_TEXT)!;
  assertEquals([...tokenizer.encode(END_OF_TEXT)], [id]);
  const letters = tokenizer.encode(END_OF_TEXT, { special: false });
  assert(!letters.includes(id));
  assertEquals(tokenizer.decode(letters), END_OF_TEXT);
});

Deno.test("encode() takes the longest of special tokens that begin alike", () => {
  const json = JSON.parse(file);
  const { size } = readTokenizerJson(file);
  const marked = (content: string, id: number) => ({ ...json.added_tokens[0], content, id });
  json.added_tokens.push(marked("<|a", size), marked("<|a|>", size + 1));
  assertEquals([...readTokenizerJson(JSON.stringify(json)).encode("<|a|>")], [size + 1]);
});

Deno.test("encode() takes a word of a million letters", () => {
  const tokenizer = readTokenizerJson(file);
  const text = "the".repeat(333_333);
  assertEquals(tokenizer.decode(tokenizer.encode(text)), text);
});

Deno.test("decode() names an id that is out of range", () => {
  const tokenizer = readTokenizerJson(file);
  assertThrows(() => tokenizer.decode([tokenizer.size]), RangeError, `got ${tokenizer.size}`);
  assertThrows(() => tokenizer.decode([-1]), RangeError, "got -1");
});

Deno.test("trainBpe() refuses a vocabulary that cannot hold the bytes", () => {
  assertThrows(() => trainBpe(["a"], { size: 256 }), RangeError, "at least 257 tokens, got 256");
});

// deno-lint-ignore no-explicit-any
const refused: [string, (json: any) => void, string][] = [
  ["another model", (json) => json.model.type = "WordPiece", "model.type"],
  [
    "another first cut",
    (json) => json.pre_tokenizer = { type: "Whitespace" },
    "pre_tokenizer.type",
  ],
  ["a blank put before", (json) => json.pre_tokenizer.add_prefix_space = true, "add_prefix_space"],
  ["a normalizer", (json) => json.normalizer = { type: "NFC" }, "normalizer"],
  ["dropout", (json) => json.model.dropout = 0.1, "model.dropout"],
  ["a merge that is no pair", (json) => json.model.merges[0] = ["a"], "model.merges"],
  ["a merge of three", (json) => json.model.merges[0] = ["a", "n", "d"], "model.merges"],
  ["a merge to nothing", (json) => json.model.merges[0] = ["a", "!"], 'got "a!", which is none'],
  ["a merge of no token", (json) => json.model.merges[1] = ["a", "€€"], 'merge 1 of "a" and "€€"'],
  ["a byte that is missing", (json) => delete json.model.vocab["!"], "each id"],
  ["an id that stands twice", (json) => json.model.vocab["!"] = 2, "each id"],
];

for (const [fault, damage, field] of refused) {
  Deno.test(`readTokenizerJson() refuses ${fault} and names it`, () => {
    const json = JSON.parse(file);
    damage(json);
    assertThrows(() => readTokenizerJson(JSON.stringify(json)), Error, field);
  });
}

Deno.test("readTokenizerJson() refuses what is no JSON, and reads merges of older files", () => {
  assertThrows(() => readTokenizerJson("{"), Error, "no JSON");
  assertThrows(() => readTokenizerJson("null"), Error, "model.type");
  const json = JSON.parse(file);
  json.model.merges = json.model.merges.map((pair: string[]) => pair.join(" "));
  const text = records[0]!.text;
  assertEquals([...readTokenizerJson(JSON.stringify(json)).encode(text)], records[0]!.ids);
});

Deno.test("createBpeTokenizer() needs every byte", () => {
  const parts = { vocabulary: new Map([["a", 0]]), merges: [], special: new Map() };
  assertThrows(() => createBpeTokenizer(parts), RangeError, "in the vocabulary");
});

Deno.test("trainBpe() takes a text of one endless word, and cuts no word that a language has", () => {
  const endless = "abcab".repeat(40_000);
  assertEquals(trainBpe([endless], { size: 259 }).merges[0], ["a", "b"]);
  const long = "ab".repeat(400);
  assertEquals(trainBpe([`${long} `, long], { size: 300 }).encode(long).length < 800 / 64, true);
});

Deno.test("mergeWord() merges what was learned first, though another pair stands further left", () => {
  const [a, b, c, ab, bc] = [1, 2, 3, 12, 23] as const;
  const merges = new Map([[`${b} ${c}`, { rank: 0, id: bc }], [`${a} ${b}`, { rank: 1, id: ab }]]);
  const findMerge = (left: number, right: number) => merges.get(`${left} ${right}`);
  assertEquals([...mergeWord([a, b, c], findMerge)], [a, bc]);
});
