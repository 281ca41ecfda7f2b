import type { TokenBatch } from "../../../lib/lm/language_model.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../../lib/command/mod.ts";
import { openText } from "../../../lib/lm/text/open.ts";
import type { TextData, TextOptions } from "../../../lib/lm/text/text_data.ts";
import { textDefaults } from "../../../lib/lm/run/options.ts";
import { writeTokenFile } from "../../../lib/lm/text/token_file.ts";
import { trainBpe } from "../../../lib/tokenizer/mod.ts";
import { charactersOfTokens } from "../../../lib/lm/data/bpe_vocabulary.ts";
import { splitWords } from "../../../lib/tokenizer/words.ts";
import { wholeWords } from "../../../lib/lm/text/whole_words.ts";
import { randomWindows, slidingWindows } from "../../../lib/lm/text/windows.ts";
import { createRandom } from "../../../lib/random.ts";

const folder = `tests/.tmp/text-${crypto.randomUUID()}`;

/** Opens a text that is written to a file first. */
async function open(
  content: string | Uint8Array,
  settings: Partial<TextOptions> = {},
): Promise<TextData> {
  await Deno.mkdir(folder, { recursive: true });
  const text = `${folder}/${crypto.randomUUID()}.txt`;
  await Deno.writeFile(
    text,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return await openText({ ...textDefaults, text, tokenFile: `${text}.bin`, ...settings });
}

/** The lines to learn, those that choose the weights and those that judge, as token ids. */
function linesOf({ trainStrings, batches }: TextData) {
  const linesIn = (part: "valid" | "test") =>
    batches(part).flatMap(({ size, length, targets }) =>
      Array.from({ length: size }, (_, row) => {
        const tokens = targets.subarray(row * length, (row + 1) * length);
        return tokens.subarray(0, tokens.indexOf(0)); // the end
      })
    );
  return { train: [...trainStrings()], valid: linesIn("valid"), test: linesIn("test") };
}

const names = Array.from({ length: 50 }, (_, i) => `name ${i}`);

Deno.test("lines are divided into those to learn and those to judge by, none lost, none twice", async () => {
  const data = await open(`${names.join("\r\n")}\n\n  \n`);
  const { train, valid, test } = linesOf(data);
  assertEquals([train.length, valid.length, test.length], [40, 5, 5]);
  const decoded = [...train, ...valid, ...test].map((tokens) => data.vocabulary.decode(tokens));
  const first = new Set(names.slice(0, 10)); // as many as are kept aside
  assert(train.some((tokens) => first.has(data.vocabulary.decode(tokens))), "drawn, not cut off");
  assertEquals(decoded.sort(), names.toSorted());
  assertEquals(data.contextLength, 8); // seven characters and the end
  assertEquals(data.description.tokens, train.reduce((sum, { length }) => sum + length + 1, 0));
});

Deno.test("of more lines than wanted a uniform choice is kept, the same for the same seed", async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i}`);
  const settings = { train: 80, valid: 20 };
  const read = async (seed: number) => {
    const data = await open(lines.join("\n"), { ...settings, seed });
    const { train, valid, test } = linesOf(data);
    assertEquals([train.length, valid.length, test.length], [96, 12, 12]);
    assertEquals(data.description.leftOut, 2880);
    return [...train, ...valid, ...test].map((ids) => Number(data.vocabulary.decode(ids)));
  };
  const kept = await read(1);
  assertEquals(await read(1), kept);
  const all = [...kept, ...await read(2), ...await read(3)];
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  assert(Math.abs(mean - 1499.5) < 4 * 866 / Math.sqrt(360), `${mean}`); // four standard errors
});

Deno.test("what stands in the training lines is known, a validation or test line is new", async () => {
  for (const limit of [{}, { train: 20, valid: 10 }]) {
    const data = await open(names.join("\n"), limit);
    const { train, valid, test } = linesOf(data);
    const [trained, ...aside] = [train, valid, test].map(([ids]) => data.vocabulary.decode(ids!));
    const known = await data.known(new Set([trained!, ...aside, "no such name"]));
    assertEquals([...known], [trained]);
  }
});

Deno.test("a line of more than a thousand characters is left out and counted", async () => {
  const data = await open(["a", "b".repeat(1001), "c", "d"].join("\n"));
  assertEquals(data.description.leftOut, 1);
  assertEquals([...data.vocabulary.characters], ["a", "c", "d"]);
});

for (
  const [what, content, settings, message] of [
    ["an empty file of lines", "", {}, "at least three lines"],
    ["blank lines", " \n\n\t\n", {}, "at least three lines"],
    ["one line", "only one", {}, "at least three lines"],
    ["one endless line", "x".repeat(5000), {}, "read it as one text with --context"],
    ["an empty file", "", { context: 4 }, "got an empty file"],
    ["a short text", "abc".repeat(10), { context: 4 }, "more than 50 tokens"],
    ["bytes that are no UTF-8", Uint8Array.of(97, 98, 0xff), {}, "an invalid byte at 2"],
    ["such bytes", Uint8Array.of(97, 98, 0xc3, 40), { context: 4 }, "an invalid byte at 2"],
  ] as const
) {
  Deno.test(`${what} is refused with one clear line`, async () => {
    const error = await assertRejects(() => open(content, settings), UsageError, message);
    assertEquals(error.message.split("\n").length, 1);
  });
}

Deno.test("one continuous text becomes its tokens, whole and in order, characters or byte pairs", async () => {
  const text = "It was the best of times,\n\n  it was the wörst 🐳 of times.\n".repeat(3000); // several pieces
  for (const tokenizer of ["characters", "bpe"] as const) {
    const data = await open(text, { context: 8, tokenizer, vocab: 300 });
    const { train, tokens, characters } = data.description;
    assertEquals(characters, [...text].length);
    const learned = data.vocabulary.decode([...data.trainStrings()].flatMap((part) => [...part]));
    const whole = data.vocabulary.encode(text);
    assertEquals(tokens, whole.length);
    assertEquals(learned, data.vocabulary.decode(whole.slice(0, train)));
    const widths = charactersOfTokens(data.vocabulary);
    assertEquals(whole.reduce((sum, id) => sum + widths[id]!, 0), characters);
    data.dispose();
  }
});

Deno.test("passages are known wherever they stand, across the pieces of the file too", async () => {
  const text = Array.from({ length: 30_000 }, (_, i) => `word${i}`).join(" ");
  const data = await open(text, { context: 8 });
  // pieces have 65,536 bytes: passages that begin or end with the last, or the first, of one
  const places = [0, 65_517, 65_530, 65_535, 65_536, 131_060, text.length - 20];
  const passages = places.map((place) => text.slice(place, place + 20));
  const known = await data.known(new Set([...passages, "this is nowhere in it"]));
  assertEquals(known, new Set(passages));
  assertEquals(data.piecesOf("x".repeat(45)), ["x".repeat(20), "x".repeat(20)]);
  data.dispose();
});

async function numbers(length: number) {
  async function* pieces() {
    yield Int32Array.from({ length: length - 3 }, (_, i) => i + 1);
    yield Int32Array.from({ length: 3 }, (_, i) => length - 2 + i);
  }
  return await writeTokenFile(`${folder}/${crypto.randomUUID()}/tokens.bin`, pieces());
}

Deno.test("tokens on disk are nobody else's: two files of one name do not meet, and leave nothing", async () => {
  const inside = `${folder}/${crypto.randomUUID()}`;
  async function* piece(token: number) {
    yield Int32Array.of(token, token);
  }
  const first = await writeTokenFile(`${inside}/tokens.bin`, piece(1));
  const second = await writeTokenFile(`${inside}/tokens.bin`, piece(2));
  assertEquals([...first.read(0, 2), ...second.read(0, 2)], [1, 1, 2, 2]);
  assertEquals([...Deno.readDirSync(inside)], []);
  [first, second].forEach((file) => file.close());
});

Deno.test("a file of the tokens' name that was there before is left alone", async () => {
  const path = `${folder}/${crypto.randomUUID()}.bin`;
  await Deno.writeTextFile(path, "mine");
  async function* piece() {
    yield Int32Array.of(7);
  }
  const file = await writeTokenFile(path, piece());
  assertEquals([...file.read(0, 1)], [7]);
  file.close();
  assertEquals(await Deno.readTextFile(path), "mine");
});

Deno.test("sliding windows predict the later half of each, so that no token counts twice", async () => {
  const file = await numbers(13);
  const windows = slidingWindows(file, {
    part: { begin: 0, end: 13 },
    length: 4,
    size: 2,
    most: 100,
  });
  assertEquals(windows.map(({ size }) => size), [2, 2, 1]);
  assertEquals([...windows[0]!.inputs], [1, 2, 3, 4, 3, 4, 5, 6]);
  assertEquals([...windows[0]!.targets], [-1, -1, 4, 5, -1, -1, 6, 7]);
  const counted = windows.flatMap(({ targets }) => [...targets].filter((target) => target > 0));
  assertEquals(counted, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  assertEquals(windows.reduce((sum, { tokens }) => sum + tokens, 0), counted.length);
  const few = slidingWindows(file, { part: { begin: 0, end: 13 }, length: 4, size: 9, most: 2 });
  assertEquals([...few[0]!.targets], [-1, -1, 4, 5, -1, -1, 10, 11]);
  file.close();
});

Deno.test("random windows stay inside their part and are one token apart from their targets", async () => {
  const file = await numbers(70_000 - 5_000);
  const [begin, end] = [100, 110];
  const { inputs, targets } = randomWindows(file, {
    part: { begin, end },
    ...{ start: 0, length: 4, size: 4000, rng: createRandom(5) },
  });
  const starts = new Set<number>();
  let beginnings = 0;
  for (let row = 0; row < inputs.length; row += 4) {
    const first = targets[row]! - 1;
    starts.add(first);
    if (inputs[row] === 0) beginnings++;
    else assertEquals(inputs[row], first);
    assertEquals([...inputs.subarray(row + 1, row + 4)], [...targets.subarray(row, row + 3)]);
  }
  assertEquals([...starts].sort(), [101, 102, 103, 104, 105, 106]); // token i stands at place i − 1
  assert(Math.abs(beginnings - 500) < 84, `${beginnings}`); // four standard deviations
  file.close();
});

Deno.test("wholeWords() cuts only where GPT-2's first cut does, and loses nothing", async () => {
  async function* cut(text: string, size: number) {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }
  const data = await open("it's  the 12 whales,\u0085 they're\n\n\t here ".repeat(50), {
    ...{ context: 4, tokenizer: "bpe", vocab: 300 },
  });
  const text = "it's  the 12 whales,\u0085 they're\n\n\t here \u00a0 x\ufeff y ".repeat(4);
  const whole = data.vocabulary.encode(text);
  for (const size of [1, 2, 3, 7, 50]) {
    const pieces = await Array.fromAsync(wholeWords(cut(text, size)));
    assertEquals(pieces.join(""), text);
    assertEquals(pieces.flatMap((piece) => [...data.vocabulary.encode(piece)]), [...whole]);
  }
  data.dispose();
});

Deno.test("byte pairs of lines are learned from the training lines alone", async () => {
  const rng = createRandom(3);
  const lines = Array.from({ length: 60 }, () => rng.shuffle([..."abcdefghij"]).join(""));
  const data = await open(lines.join("\n"), { tokenizer: "bpe", vocab: 300 });
  const train = [...data.trainStrings()].map((tokens) => data.vocabulary.decode(tokens));
  const { merges } = data.vocabulary.tokenizer!;
  assertEquals(merges, trainBpe(train, { size: 300 }).merges);
  assertNotEquals(merges, trainBpe(lines, { size: 300 }).merges, "the others would teach more");
});

Deno.test("wholeWords() cuts random texts of marks, blanks and rare letters where the first cut does", async () => {
  const rng = createRandom(3, "words");
  const characters = [..."aZé字1٣ \n\t'stremvld.,!’\u0301\x85\xa0\ufeff\u3000🐳𝒜"];
  async function* pieces(text: readonly string[], size: number) {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size).join("");
  }
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: 1 + rng.integer(40) }, () => rng.choice(characters));
    const cut = await Array.fromAsync(wholeWords(pieces(text, 1 + rng.integer(6))));
    assertEquals(cut.flatMap(splitWords), splitWords(text.join("")), JSON.stringify(text));
  }
});

Deno.test("a text of one endless word is cut into pieces of whole characters", async () => {
  const text = "𝒜b".repeat(30_000);
  async function* pieces() {
    yield text.slice(0, 45_000);
    yield text.slice(45_000);
  }
  const cut = await Array.fromAsync(wholeWords(pieces()));
  assertEquals(cut.join(""), text);
  assertEquals(cut.every((piece) => [...piece].length <= 4096 && piece.isWellFormed()), true);
});

Deno.test("byte pairs of a text without blanks are learned from all that is said to teach", async () => {
  const rng = createRandom(4, "letters");
  const letters = (count: number) =>
    Array.from({ length: count }, () => "abcdefgh"[rng.integer(8)]).join("");
  const data = await open(letters(70_000) + "xyz".repeat(20_000) + letters(100_000), {
    ...{ context: 8, tokenizer: "bpe", vocab: 300 },
  });
  const all = Array.from({ length: data.vocabulary.size }, (_, id) => data.vocabulary.symbol(id));
  assertEquals(all.some((symbol) => /[xyz]{3}/.test(symbol)), true); // beyond the beginning
  assertEquals(data.description.taught, 131_072); // pieces that lie in the training part
  data.dispose();
});

Deno.test("byte pairs of more lines than enough are learned from the first four million characters", async () => {
  const lines = Array.from({ length: 9000 }, (_, i) => `${i} `.padEnd(999, "ab"));
  const data = await open(lines.join("\n"), { tokenizer: "bpe", vocab: 258 });
  assertEquals(data.description.taught, 4198 * 999); // 2²² characters hold no more whole lines
  const few = await open(names.join("\n"), { tokenizer: "bpe", vocab: 258 });
  const lengths = linesOf(few).train.map((tokens) => few.vocabulary.decode(tokens).length);
  assertEquals(few.description.taught, lengths.reduce((sum, length) => sum + length, 0));
});

Deno.test("reading, encoding and searching a long text is shown, a short one not", async () => {
  const seen = new Map<string, number[]>();
  const startProgress = (name: string, bytes: number) => {
    const shown: number[] = [bytes];
    seen.set(name.replace(/ \S+$/, ""), shown);
    return { update: (done: number) => void shown.push(done), stop: () => void shown.push(-1) };
  };
  const text = `${folder}/long.txt`;
  await Deno.mkdir(folder, { recursive: true });
  const options = { ...textDefaults, text, context: 8, tokenFile: `${text}.bin` };
  await Deno.writeTextFile(text, "It was a dark and stormy night. ".repeat(1 << 19));
  const data = await openText(options, { startProgress });
  await data.known(new Set(["dark and stormy nigh"]));
  data.dispose();
  assertEquals([...seen.keys()], ["reading", "encoding", "searching"]);
  for (const [total, ...done] of seen.values()) {
    assertEquals([total, done.at(-1), done.at(-2)], [1 << 24, -1, 1 << 24]);
  }
  seen.clear();
  await Deno.writeTextFile(text, "It was a dark and stormy night. ".repeat(100));
  (await openText(options, { startProgress })).dispose();
  assertEquals(seen.size, 0);
});

Deno.test("byte pairs are learned from the training part alone, and how much of it is said", async () => {
  const text = `${"ab ".repeat(70_000)}${"xyz ".repeat(12_000)}`; // the last part is kept aside
  const data = await open(text, { context: 8, tokenizer: "bpe", vocab: 300 });
  const symbols = Array.from(
    { length: data.vocabulary.size },
    (_, id) => data.vocabulary.symbol(id),
  );
  assertEquals(symbols.some((symbol) => symbol.includes("ab")), true);
  assertEquals(symbols.some((symbol) => symbol.includes("xy")), false);
  assertEquals(data.description.taught, 196_608);
  data.dispose();
});

Deno.test("each part of a continuous text is its own: nothing of training chooses weights or judges", async () => {
  const data = await open("ab".repeat(800) + "cd".repeat(100) + "ef".repeat(100), { context: 8 });
  const lettersOf = (batches: readonly TokenBatch[]) =>
    new Set(
      batches.flatMap(({ inputs, targets }) =>
        [...inputs, ...targets].filter((id) => id > 0).map(data.vocabulary.symbol)
      ),
    );
  assertEquals(lettersOf(data.batches("train")), new Set("ab"));
  assertEquals(lettersOf(data.batches("valid")), new Set("cd"));
  assertEquals(lettersOf(data.batches("test")), new Set("ef"));
  const reading = { longestInput: 8, ignoresPadding: false };
  assertEquals(lettersOf(data.source.valid({ batchSize: 4, reading })), new Set("cd"));
  data.dispose();
});
