/** Writing one text piece by piece, as soon as each piece is known. */
import { createRandom } from "../../random.ts";
import { createTokenSampler, type DecodingOptions } from "./token_sampler.ts";
import { feed, type LanguageModel } from "../language_model.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** What is to be written. */
export interface StreamOptions extends DecodingOptions {
  /** With `index` it decides the text: text i equals the i-th string of `sample`. */
  seed: number;
  /** Which of the texts of a seed it is. */
  index?: number;
  /** What the text begins with; not given out again. */
  prompt?: string;
  /** A text that has not ended after so many tokens, the prompt's included, is cut. */
  maxLength: number;
}

/**
 * The text after a prompt, in pieces of whole characters.
 *
 * @throws RangeError on options out of range, and a prompt with unknown characters or without room
 */
export async function* streamText(
  model: LanguageModel,
  { seed, index = 0, prompt = "", maxLength, ...options }: StreamOptions,
): AsyncGenerator<string> {
  const { vocabulary } = model;
  const choose = createTokenSampler(options);
  const rng = createRandom(seed, "sample", index);
  const given = vocabulary.encode(prompt);
  if (given.length > maxLength) {
    throw new RangeError(
      `Expected a prompt of at most ${maxLength} tokens, got ${given.length}`,
    );
  }
  const spell = createSpeller(vocabulary);
  const decoder = model.startDecoding(1);
  try {
    let tokens = Int32Array.from([vocabulary.start, ...given]);
    for (let length = given.length; length < maxLength; length++) {
      const prediction = await feed(decoder, { tokens, size: 1 });
      const token = choose(prediction, rng);
      if (token === vocabulary.end) break;
      const piece = spell.next(token);
      if (piece !== "") yield piece;
      tokens = Int32Array.of(token);
    }
    const rest = spell.end();
    if (rest !== "") yield rest;
  } finally {
    decoder.dispose();
  }
}

/** Tokens to text, one by one; a token of bytes may hold but a part of a character. */
function createSpeller(
  { tokenizer, decode }: Vocabulary,
): { next(token: number): string; end(): string } {
  if (!tokenizer) return { next: (token) => decode([token]), end: () => "" };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    next: (token) =>
      token < tokenizer.size ? decoder.decode(tokenizer.bytes(token), { stream: true }) : "",
    end: () => decoder.decode(),
  };
}

/**
 * A text as a terminal may show it: control characters but line ends and tabs become the pictures of
 * themselves, so that what a model writes cannot command the terminal.
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "␡" : "�";
  });
}
