/**
 * Distributions over the next token, written over symbols or over their characters.
 */
import type { GrammarSymbol } from "./symbols.ts";

/** P(next | what came before), end of string included. */
export interface NextDistribution {
  /** The probability that the string ends here. */
  readonly end: number;
  /** The characters that may follow, with their probabilities. */
  readonly characters: ReadonlyMap<string, number>;
}

/**
 * Shares what each symbol has among its characters.
 *
 * @param bySymbol P of each symbol and, last, of the end
 * @returns P of each character of the alphabet and, last, of the end
 */
export function spread(
  symbols: readonly GrammarSymbol[],
  bySymbol: ArrayLike<number>,
): Float64Array {
  const shares = symbols.flatMap(({ characters }, symbol) =>
    characters.map(() => bySymbol[symbol]! / characters.length)
  );
  return Float64Array.from([...shares, bySymbol[symbols.length]!]);
}

/** The same with the characters' names, those that cannot follow left out. */
export function named(alphabet: readonly string[], byCharacter: Float64Array): NextDistribution {
  const possible = alphabet.map((character, i) => [character, byCharacter[i]!] as const)
    .filter(([, probability]) => probability > 0);
  return { end: byCharacter[alphabet.length]!, characters: new Map(possible) };
}
