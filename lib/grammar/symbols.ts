/**
 * Symbols, and the characters in which each of them shows.
 *
 * A rule speaks of symbols ("a digit follows"); a string shows one of the symbol's characters, drawn
 * uniformly. So a symbol of c characters adds ln c nats to what a model must guess, and nothing to
 * what it can learn.
 */

/** One symbol of a grammar. */
export interface GrammarSymbol {
  /** One character that stands for the symbol in drawings, states and contexts. */
  readonly name: string;
  /** What one of them is called: `a digit`. */
  readonly one: string;
  /** What several are called: `digits`. */
  readonly many: string;
  /** The characters it shows as, equally likely. */
  readonly characters: readonly string[];
}

/** `a` … `z`. */
export const lower: GrammarSymbol = {
  name: "a",
  one: "a lower-case letter",
  many: "lower-case letters",
  characters: [..."abcdefghijklmnopqrstuvwxyz"],
};

/** `A` … `Z`. */
export const upper: GrammarSymbol = {
  name: "A",
  one: "an upper-case letter",
  many: "upper-case letters",
  characters: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
};

/** `0` … `9`. */
export const digit: GrammarSymbol = {
  name: "0",
  one: "a digit",
  many: "digits",
  characters: [..."0123456789"],
};

/** Eight punctuation marks. */
export const mark: GrammarSymbol = {
  name: "!",
  one: "a mark",
  many: "marks",
  characters: [..."!?.,;:+-"],
};

/** A symbol that is one character and nothing else. */
export function bracket(name: string): GrammarSymbol {
  return { name, one: name, many: name, characters: [name] };
}
