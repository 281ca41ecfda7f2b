/**
 * Languages with exact answers.
 *
 * A grammar writes strings, says of any text whether it is one of them, and knows what no model can
 * beat. All of that follows from one probabilistic automaton (`automaton.ts`), and a family of
 * grammars is one file that builds it for every N.
 */
export type { Arrow, Automaton, State } from "./automaton.ts";
export type { NextDistribution } from "./distribution.ts";
export { toDot as automatonToDot } from "./dot.ts";
export { families, grammarNames } from "./families.ts";
export type { Family } from "./family.ts";
export { createGrammar, type Grammar } from "./grammar.ts";
export type { Analysis } from "./ideal.ts";
export { createLongStrings, type LongStrings } from "./long_strings.ts";
export type { Reader, Verdict } from "./reader.ts";
export type { Chance } from "./sample.ts";
export type { GrammarSymbol } from "./symbols.ts";
