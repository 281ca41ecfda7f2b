/**
 * `dyck`: N kinds of brackets, properly nested, however deep (the language Dyck-N).
 *
 * Inside brackets one opens with probability 1/3 and closes with 2/3, so that depth is cut by chance
 * alone: d open brackets are found half as often as d − 1. A state is the stack of open brackets, and
 * there are infinitely many; each is made when a string first comes near it.
 *
 * The exact answers need no stacks, since kinds tell nothing about depth: the kinds of the open
 * brackets are independent and uniform, whatever their number. So they follow from the *shape* of a
 * string, openings and closings without kinds, and a count of how often a model must guess a kind.
 */
import {
  type Arrow,
  type Automaton,
  createAutomaton,
  END_PROBABILITY,
  type State,
} from "./automaton.ts";
import type { Family } from "./family.ts";
import { analyse, type Analysis } from "./ideal.ts";
import { bracket, type GrammarSymbol } from "./symbols.ts";

type Pair = readonly [opening: GrammarSymbol, closing: GrammarSymbol];

const PAIRS = ["()", "[]", "{}", "<>"].map((pair): Pair => [bracket(pair[0]!), bracket(pair[1]!)]);

/** Inside brackets the next one opens with this probability: below 1/2, or no string would end. */
const OPENING = 1 / 3;

/** Brackets of N kinds nested without bound. */
export const dyck: Family = {
  name: "dyck",
  title: "depth without bound: no finite memory suffices",
  least: 2,
  most: PAIRS.length,
  describe: (n) => `the brackets ${kinds(n)} are properly nested to any depth`,
  build: createStacks,
  analyse: analyseShapes,
};

function kinds(n: number): string {
  const names = PAIRS.slice(0, n).map((pair) => pair.map(({ name }) => name).join(""));
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** A drawing shows the first states; so many are made at once, or it would show what was read. */
const FIRST_STATES = 32;

/** The automaton whose list of states grows. */
function createStacks(n: number): Automaton {
  const open = (stack: string, below: number): Arrow[] =>
    PAIRS.slice(0, n).map((pair, kind) => {
      const target = states.length;
      const label = stack + pair[0].name;
      const closing = { symbol: 2 * kind + 1, probability: 1 - OPENING, target: below };
      states.push(new Stack({ label, pair, follow: () => [...open(label, target), closing] }));
      return { symbol: 2 * kind, probability: OPENING / n, target };
    });
  const reason = (found: GrammarSymbol | null) => `nothing is open that ${found?.name} could close`;
  const [atStart, allClosed]: [Arrow[], Arrow[]] = [[], []];
  const states: State[] = [
    { label: "", end: 0, arrows: atStart, reason },
    { label: "∅", end: END_PROBABILITY, arrows: allClosed, reason },
  ];
  for (const arrow of open("", 1)) {
    atStart.push({ ...arrow, probability: 1 / n });
    allClosed.push({ ...arrow, probability: (1 - END_PROBABILITY) / n });
  }
  for (const state of states) if (states.length < FIRST_STATES) state.arrows;
  return { symbols: PAIRS.slice(0, n).flat(), states, unbounded: true };
}

/** Some open brackets; what may follow is worked out when first asked for. */
class Stack implements State {
  readonly label: string;
  readonly end = 0;
  readonly #pair: Pair;
  readonly #follow: () => readonly Arrow[];
  #arrows: readonly Arrow[] | undefined;

  constructor(of: { label: string; pair: Pair; follow: () => readonly Arrow[] }) {
    this.label = of.label;
    this.#pair = of.pair;
    this.#follow = of.follow;
  }

  get arrows(): readonly Arrow[] {
    return this.#arrows ??= this.#follow();
  }

  reason(found: GrammarSymbol | null): string {
    const [opening, closing] = this.#pair;
    return found === null
      ? `the string ends with ${this.label} still open`
      : `${opening.name} is the innermost open bracket, so ${closing.name} must close it, not ${found.name}`;
  }
}

/** Deeper than this is no string, and no k-gram model's string either, but for 10⁻²⁰ of them. */
const DEEPEST = 160;

/** Its index among the symbols of a shape. */
const CLOSING = 1;

/** Openings and closings without kinds: the state is how many brackets are open. */
function createShapes(n: number): Automaton {
  const opening = { ...bracket("("), characters: PAIRS.slice(0, n).map(([{ name }]) => name) };
  const closing = bracket(")");
  return createAutomaton([opening, closing], (depth) => ({
    followers: [
      { symbol: opening, state: `${Number(depth) + 1}`, weight: OPENING },
      { symbol: closing, state: `${Number(depth) - 1}`, weight: 1 - OPENING },
    ].filter(({ state }) => Number(state) >= 0 && Number(state) <= DEEPEST),
    mayEnd: depth === "0",
    reason: () => "",
  }));
}

function analyseShapes(n: number): Analysis {
  const shapes = analyse(createShapes(n), {
    certainty: (context, symbol) => symbol === CLOSING && seenOpen(context) === "" ? 1 / n : 1,
  });
  return {
    ...shapes,
    idealPrediction: (context, k) => {
      const open = seenOpen(context.slice(Math.max(0, context.length - k + 1)));
      const shape = context.replaceAll(/[([{<]/g, "(").replaceAll(/[)\]}>]/g, ")");
      const predicted = open === undefined ? undefined : shapes.idealPrediction(shape, k);
      if (!predicted) return undefined;
      const [opening = 0, closing = 0, end = 0] = predicted;
      const row = PAIRS.slice(0, n).flatMap(([{ name }]) => [
        opening / n,
        open === "" ? closing / n : open!.endsWith(name) ? closing : 0,
      ]);
      return Float64Array.from([...row, end]);
    },
  };
}

/** Of these symbols' brackets those that are still open; undefined when some close wrongly. */
function seenOpen(context: string): string | undefined {
  let open = "";
  for (const name of context) {
    const pair = PAIRS.find((pair) => pair.some((symbol) => symbol.name === name));
    if (name === pair?.[0].name) open += name;
    else if (open !== "" && pair) {
      if (!open.endsWith(pair[0].name)) return undefined;
      open = open.slice(0, -1);
    }
  }
  return open;
}
