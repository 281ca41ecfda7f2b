/** Pieces of a text cut anew, so that no word of a tokenizer lies across a border. */

/** A run of text without such a place is cut after so many characters after all. */
const LONGEST = 1 << 12;

/**
 * The same text in pieces that end where GPT-2's first cut always has a border: before a single blank
 * with visible characters on both sides, and after a letter that no letter follows.
 */
export async function* wholeWords(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    rest += piece;
    const end = lastBorder(rest);
    if (end !== undefined) {
      yield rest.slice(0, end);
      rest = rest.slice(end);
    } else if (rest.length > LONGEST) {
      yield* rest.match(ANY_LONGEST)!;
      rest = "";
    }
  }
  if (rest !== "") yield rest;
}

const ANY_LONGEST = new RegExp(`[^]{1,${LONGEST}}`, "gu");

const VISIBLE = /[^\s\x85]/; // to GPT-2 U+0085 is a blank, too

// Halves of pairs are left alone: together they may be a letter.
const LETTER = /\p{L}/u;
const NO_LETTER = /[^\p{L}\ud800-\udfff]/u;

function lastBorder(text: string): number | undefined {
  for (let at = text.length - 1; at > 0; at--) {
    const [before, after, next] = [text[at - 1]!, text[at]!, text[at + 1]];
    if (after === " " && VISIBLE.test(before) && VISIBLE.test(next ?? " ")) return at;
    if (NO_LETTER.test(after) && LETTER.test(before)) return at;
  }
  return undefined;
}
