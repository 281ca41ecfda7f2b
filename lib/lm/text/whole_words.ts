/** Pieces of a text cut anew, so that no word of a tokenizer lies across a border. */

/** A run of text without such a place is cut after so many characters after all. */
const LONGEST = 1 << 20;

/**
 * The same text in pieces that end before a single blank with visible characters on both sides: there
 * GPT-2's first cut always has a border.
 */
export async function* wholeWords(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    rest += piece;
    const end = lastBorder(rest) ?? (rest.length > LONGEST ? rest.length : 0);
    if (end > 0) yield rest.slice(0, end);
    rest = rest.slice(end);
  }
  if (rest !== "") yield rest;
}

function lastBorder(text: string): number | undefined {
  for (let at = text.length - 2; at > 0; at--) {
    if (text[at] === " " && /\S/.test(text[at - 1]!) && /\S/.test(text[at + 1]!)) return at;
  }
  return undefined;
}
