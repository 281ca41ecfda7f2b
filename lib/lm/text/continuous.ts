/**
 * A file as one continuous text: a novel, a play, a program.
 *
 * It is read twice, piece by piece: once for its characters (or byte pairs), once to write its tokens
 * into a file of two bytes each, from which windows are read while models learn. What grows with the
 * text is that file, and the tables of the count models with the n-grams that differ.
 */
import { basename } from "node:path";
import { UsageError } from "../../errors.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { TextData, TextOptions, TextPart } from "./text_data.ts";
import { PIECE, readText } from "./read.ts";
import { type TokenFile, writeTokenFile } from "./token_file.ts";
import { type ReadingHooks, showReading, sizeOf } from "./shown.ts";
import {
  charactersIn,
  createFingerprint,
  createTextVocabulary,
  MOST_TAUGHT,
} from "./vocabulary.ts";
import { type Part, randomWindows, slidingWindows } from "./windows.ts";
import { wholeWords } from "./whole_words.ts";

/** The last fifth is kept aside: its first half to choose the weights, its second to judge them. */
const KEPT_ASIDE = 0.2;

/** Tokens that are counted at a stretch. */
const STRETCH = 1 << 20;

/** Steps between two looks at the validation text; the batches of so many are drawn at once. */
const MOST_STEPS = 200;

/** What a sample's novelty is measured by: passages of so many characters. */
const PASSAGE = 20;

/**
 * Reads a file as one text.
 *
 * @throws UsageError when it is empty or too short, or cannot be read
 */
export async function openContinuous(
  options: TextOptions & { context: number },
  hooks: ReadingHooks,
): Promise<TextData> {
  const { text: path, context } = options;
  const shown = <T>(doing: string, read: (onBytes: (bytes: number) => void) => Promise<T>) =>
    showReading({ path, name: `${doing} ${basename(path)}`, ...hooks }, read);
  const survey = await shown("reading", (onBytes) => surveyText(options, onBytes));
  const { vocabulary } = survey;
  const file = await shown("encoding", (onBytes) => {
    const pieces = readText(path, { onBytes });
    return writeTokenFile(options.tokenFile, encodePieces(pieces, vocabulary));
  });
  const split = Math.floor(file.length * (1 - KEPT_ASIDE));
  const middle = Math.floor((split + file.length) / 2);
  const parts: Record<TextPart, Part> = {
    train: { begin: 0, end: split },
    valid: { begin: split, end: middle },
    test: { begin: middle, end: file.length },
  };
  try {
    if (middle - split <= context) {
      throw new UsageError(
        `Expected a text of more than ${
          Math.ceil(2 * (context + 1) / KEPT_ASIDE)
        } tokens in ${path} ` +
          `for a context of ${context}, got ${file.length}`,
      );
    }
  } catch (error) {
    file.close();
    throw error;
  }
  const epochs = Math.max(Math.min(10, options.steps), Math.ceil(options.steps / MOST_STEPS));
  const stepsEach = Math.ceil(options.steps / epochs);
  const windows = (part: Part, most: number) =>
    slidingWindows(file, { part, most, length: context, size: rowsFor(vocabulary, context) });
  const watched = windows(parts.valid, Math.min(200, options.valid));
  return {
    vocabulary,
    description: {
      file: basename(path),
      kind: "continuous",
      characters: survey.characters,
      tokens: file.length,
      train: split,
      valid: middle - split,
      test: file.length - middle,
      leftOut: 0,
      tokenizer: options.tokenizer,
      ...options.tokenizer === "bpe" ? { taught: survey.taught } : {},
      vocabulary: vocabulary.size,
    },
    contextLength: context,
    fingerprint: survey.fingerprint,
    epochs,
    tokensAnEpoch: stepsEach * options.batch * context,
    source: {
      draw: ({ batchSize: size, rng }) => {
        const { start } = vocabulary;
        const draw = () =>
          randomWindows(file, { part: parts.train, start, length: context, size, rng });
        return Array.from({ length: stepsEach }, () => [draw()]);
      },
      valid: () => watched,
    },
    batches: (part) => windows(parts[part], options.valid),
    trainStrings: () => stretches(file, parts.train),
    piecesOf: passagesOf,
    known: (pieces) =>
      shown("searching", (onBytes) => knownPassages(readText(path, { onBytes }), pieces)),
    longestSample: 4 * context,
    dispose: () => file.close(),
  };
}

/** First reading: the vocabulary, and what the text is. */
async function surveyText(options: TextOptions, onBytes: (bytes: number) => void) {
  const { text: path, tokenizer } = options;
  const size = await sizeOf(path);
  const stride = Math.max(1, Math.ceil(size * (1 - KEPT_ASIDE) / MOST_TAUGHT)); // spread over all of it
  const fingerprint = createFingerprint();
  const census = createCensus();
  const taught: string[] = [];
  let index = 0;
  for await (const piece of readText(path, { onBytes })) {
    fingerprint.add(piece);
    census.add(piece);
    const isLearned = index === 0 || (index + 1) * PIECE < size * (1 - KEPT_ASIDE);
    if (tokenizer === "bpe" && isLearned && index % stride === 0) taught.push(piece);
    index++;
  }
  const { characters } = census;
  if (characters === 0) throw new UsageError(`Expected text in ${path}, got an empty file`);
  const vocabulary = createTextVocabulary(options, { train: taught, all: census.seen() });
  return {
    ...{ vocabulary, characters, fingerprint: fingerprint.end() },
    taught: taught.reduce((sum, piece) => sum + charactersIn(piece), 0),
  };
}

/** Counts characters, and notes which there are. */
function createCensus() {
  const units = new Uint8Array(1 << 16); // 1 for each UTF-16 unit that was seen
  const pairs = new Set<string>(); // characters of two units
  let characters = 0;
  return {
    get characters() {
      return characters;
    },
    add: (piece: string) => {
      characters += piece.length;
      for (let at = 0; at < piece.length; at++) {
        const unit = piece.charCodeAt(at);
        units[unit] = 1;
        if ((unit & 0xfc00) !== 0xdc00) continue; // no second half of a pair
        pairs.add(piece.slice(at - 1, at + 1));
        characters--;
      }
    },
    seen: () => {
      const single = Array.from(units.keys()).filter((unit) =>
        units[unit] === 1 && (unit & 0xf800) !== 0xd800
      );
      return [...single.map((unit) => String.fromCharCode(unit)), ...pairs];
    },
  };
}

/** Second reading: the tokens, as if the text were encoded whole. */
async function* encodePieces(
  pieces: AsyncIterable<string>,
  vocabulary: Vocabulary,
): AsyncGenerator<Int32Array> {
  const whole = vocabulary.tokenizer ? wholeWords(pieces) : pieces;
  for await (const piece of whole) yield vocabulary.encode(piece);
}

function* stretches(file: TokenFile, { begin, end }: Part): Generator<Int32Array> {
  for (let start = begin; start < end; start += STRETCH) {
    yield file.read(start, Math.min(STRETCH, end - start));
  }
}

function passagesOf(text: string): string[] {
  const count = Math.floor(text.length / PASSAGE);
  return Array.from({ length: count }, (_, i) => text.slice(i * PASSAGE, (i + 1) * PASSAGE));
}

/**
 * Those of the passages that stand in a text: one pass with a rolling hash (Karp and Rabin, 1987), whose
 * upper half says of all but a few places that no passage ends there.
 */
async function knownPassages(
  pieces: AsyncIterable<string>,
  passages: ReadonlySet<string>,
): Promise<Set<string>> {
  const known = new Set<string>();
  const wanted = new Uint8Array(1 << 16); // by the upper half of a hash
  for (const passage of passages) wanted[hashOf(passage, PASSAGE) >>> 16] = 1;
  let before = "";
  for await (const piece of pieces) {
    const text = before + piece;
    let hash = hashOf(text, PASSAGE - 1);
    for (let end = PASSAGE; end <= text.length; end++) {
      hash = Math.imul(hash, BASE) + text.charCodeAt(end - 1) | 0;
      if (wanted[hash >>> 16] === 1) {
        const passage = text.slice(end - PASSAGE, end);
        if (passages.has(passage)) known.add(passage);
      }
      hash = hash - Math.imul(text.charCodeAt(end - PASSAGE), FIRST) | 0;
    }
    before = text.slice(Math.max(0, text.length - PASSAGE + 1));
  }
  return known;
}

/** An odd number without structure. */
const BASE = 0x9e3779b1;

/** What the first unit of a passage adds to its hash: BASE to the power of the units after it. */
const FIRST = Array.from({ length: PASSAGE - 1 }).reduce<number>(
  (power) => Math.imul(power, BASE),
  1,
);

/** The hash of the first `length` units: digits in base BASE, modulo 2³². */
function hashOf(text: string, length: number): number {
  let hash = 0;
  for (let at = 0; at < length; at++) hash = Math.imul(hash, BASE) + text.charCodeAt(at) | 0;
  return hash;
}

/** As many windows at once as keep the predictions [B, T, V] below 64 MiB. */
function rowsFor({ size }: Vocabulary, context: number): number {
  return Math.max(1, Math.min(128, Math.floor(2 ** 24 / (size * context))));
}
