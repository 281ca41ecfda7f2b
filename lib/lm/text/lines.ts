/**
 * A text whose lines are documents: names, verses, one-line jokes.
 *
 * Memory holds the lines that are learned and no more: of a file with more than wanted, lines are drawn
 * uniformly while it is read once (reservoir sampling: Vitter, 1985, algorithm R).
 */
import { largestOf } from "../../extremes.ts";
import { basename } from "node:path";
import { UsageError } from "../../errors.ts";
import { createRandom } from "../../random.ts";
import { sortedBatches, stringBatches } from "../data/batches.ts";
import { encodeTexts } from "../data/corpus.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { TextData, TextOptions } from "./text_data.ts";
import { readLines } from "./read.ts";
import { type ReadingHooks, showReading } from "./shown.ts";
import { charactersIn, createFingerprint, createTextVocabulary, taughtOf } from "./vocabulary.ts";

/** Lines of more characters are left out: nobody means them as one document. */
const LONGEST_LINE = 1000;

/** A Transformer sees whole lines of up to so many tokens, longer ones in half-overlapping chunks. */
const LONGEST_CONTEXT = 128;

/**
 * Reads a file's lines.
 *
 * @throws UsageError when there are fewer than three, or it cannot be read
 */
export async function openLines(options: TextOptions, hooks: ReadingHooks): Promise<TextData> {
  const { text: path, seed } = options;
  const { kept, lines, characters, tooLong, fingerprint } = await showReading(
    { path, name: `reading ${basename(path)}`, ...hooks },
    (onBytes) => drawLines(options, onBytes),
  );
  if (kept.length < 3) {
    const why = tooLong > 0
      ? `${tooLong} of more than ${LONGEST_LINE} characters; read it as one text with --context`
      : `${kept.length}`;
    throw new UsageError(`Expected at least three lines in ${path}, got ${why}`);
  }
  const shuffled = createRandom(seed, "lines", "split").shuffle(kept);
  const count = Math.max(1, Math.min(options.valid, Math.floor(shuffled.length / 10)));
  const validLines = shuffled.slice(0, count);
  const testLines = shuffled.slice(count, 2 * count);
  const trainLines = shuffled.slice(2 * count);
  const taught = taughtOf(trainLines);
  const vocabulary = createTextVocabulary(options, { train: taught.texts, all: shuffled });
  const train = encodeTexts(trainLines, vocabulary);
  const valid = encodeTexts(validLines, vocabulary);
  const test = encodeTexts(testLines, vocabulary);
  const longest = largestOf([train, valid, test].map(({ encoded }) => longestOf(encoded)));
  const contextLength = Math.min(LONGEST_CONTEXT, longest + 1);
  return {
    vocabulary,
    description: {
      file: basename(path),
      kind: "lines",
      characters,
      tokens: train.tokens,
      train: trainLines.length,
      valid: validLines.length,
      test: testLines.length,
      leftOut: lines - kept.length,
      tokenizer: options.tokenizer,
      ...options.tokenizer === "bpe" ? { taught: taught.characters } : {},
      vocabulary: vocabulary.size,
    },
    contextLength,
    fingerprint,
    epochs: options.epochs,
    tokensAnEpoch: train.tokens,
    source: stringBatches({ train: train.encoded, valid: valid.encoded, vocabulary }),
    batches: (part) => {
      const { encoded } = { train, valid, test }[part];
      return sortedBatches(encoded.slice(0, count), {
        batchSize: batchSizeFor(vocabulary, longest),
        vocabulary,
      });
    },
    trainStrings: () => train.encoded,
    piecesOf: (text) => [text],
    known: knownLines,
    longestSample: Math.max(2 * longest, 20),
    dispose: () => {},
  };

  /** Training lines among these; a line that was kept aside is new to the models. */
  async function knownLines(pieces: ReadonlySet<string>): Promise<Set<string>> {
    const trained = new Set(trainLines);
    if (lines === kept.length) return pieces.intersection(trained);
    const aside = new Set([...validLines, ...testLines]);
    const known = new Set<string>();
    const name = `searching ${basename(path)}`;
    await showReading({ path, name, ...hooks }, async (onBytes) => {
      for await (const line of readLines(path, { onBytes })) {
        if (pieces.has(line) && (trained.has(line) || !aside.has(line))) known.add(line);
      }
    });
    return known;
  }
}

/** A uniform choice of lines, in one pass. */
async function drawLines(
  { text: path, train, valid, seed }: TextOptions,
  onBytes: (bytes: number) => void,
) {
  const rng = createRandom(seed, "lines", "draw");
  const fingerprint = createFingerprint();
  const kept: string[] = [];
  let [lines, characters, tooLong] = [0, 0, 0];
  for await (const line of readLines(path, { onBytes })) {
    lines++;
    const length = charactersIn(line);
    characters += length + 1;
    fingerprint.add(`${line}\n`);
    if (length > LONGEST_LINE) {
      tooLong++;
      continue;
    }
    if (kept.length < train + 2 * valid) kept.push(line);
    else {
      const place = rng.integer(lines - tooLong);
      if (place < kept.length) kept[place] = line;
    }
  }
  return { kept, lines, characters, tooLong, fingerprint: fingerprint.end() };
}

function longestOf(encoded: readonly Int32Array[]): number {
  return encoded.reduce((longest, { length }) => Math.max(longest, length), 0);
}

/** As many lines at once as keep the predictions [B, T, V] below 64 MiB. */
function batchSizeFor({ size }: Vocabulary, longest: number): number {
  return Math.max(1, Math.min(256, Math.floor(2 ** 24 / (size * (longest + 1)))));
}
