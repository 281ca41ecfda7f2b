/**
 * GPT-2's first cut: words with the blank before them, numbers, runs of other marks, and blanks.
 * Merges never cross these borders, so that `dog.` and `dog!` share the token `dog`.
 */

// Unicode's White_Space, which is not quite JavaScript's \s (that has U+FEFF and lacks U+0085).
const SPACE = "\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const WORDS = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${SPACE}\\p{L}\\p{N}]+|` +
    `[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`,
  "gu",
);

/** Cuts a text into words; joined again they are the text. */
export function splitWords(text: string): string[] {
  return text.match(WORDS) ?? [];
}
