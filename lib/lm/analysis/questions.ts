/**
 * The automaton that a model writes by, found by asking it.
 *
 * A question is a word, a sequence of symbols; the answer is what the model lets follow: symbols, or the
 * end. Two words after which all the same words lead to the same answers have led to one state. This is
 * Angluin's L* ("Learning regular sets from queries and counterexamples", 1987), with the set of what may
 * follow for the yes and no of membership, and all words up to some length for its second teacher, who
 * looks for a word on which the automaton found is wrong. It looks at nothing inside the model, so that it
 * works for every one.
 */
import type { Automaton, Grammar, State } from "../../grammar/mod.ts";
import { createRandom } from "../../random.ts";
import { predictNext } from "../judging/predict.ts";
import type { LanguageModel } from "../language_model.ts";
import { symbolOf } from "./symbols.ts";

/** What a model was found to write by. */
export interface QuestionedAutomaton {
  /** States and arrows, with the model's probabilities; reasons are empty. */
  readonly automaton: Automaton;
  /** The model answers as this automaton does after every word of at most so many symbols. */
  readonly depth: number;
  /** The number of words that the model was asked about. */
  readonly questions: number;
  /**
   * The shortest word after which the model lets something else follow than the grammar does; null when
   * there is none: then the automaton found is the grammar's, and the model answers as the grammar does
   * after every word of at most `depth` symbols.
   */
  readonly difference: Difference | null;
}

/** A word after which a model and a grammar disagree. */
export interface Difference {
  /** The word, spelled in symbol names. */
  readonly word: string;
  /** The same with characters. */
  readonly text: string;
  /** Names of the symbols that the model lets follow, `end` for the end. */
  readonly model: readonly string[];
  /** Names of those that may. */
  readonly truth: readonly string[];
}

/** How a model is asked. */
export interface QuestionOptions {
  /** Whose symbols the words are made of. */
  readonly grammar: Grammar;
  /** A symbol may follow when the model gives its characters more than this together. */
  readonly threshold?: number;
  /** Each word is spelled in so many ways, and the model's probabilities are their means. */
  readonly spellings?: number;
  /** Words are tried up to the length at which there would be more than this of them. */
  readonly mostWords?: number;
}

/** States are only looked for up to this number: a model that has learned nothing may have any. */
const MOST_STATES = 100;

/**
 * Finds a model's automaton and compares it with the grammar's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createGrammar } from "../../grammar/mod.ts";
 * import { createGrammarModel } from "../models/grammar.ts";
 * import { questionModel } from "./questions.ts";
 *
 * const grammar = createGrammar("sticky", 3);
 * const { automaton, difference } = await questionModel(createGrammarModel(grammar), { grammar });
 * assertEquals([automaton.states.length, difference], [7, null]);
 * ```
 */
export async function questionModel(
  model: LanguageModel,
  { grammar, threshold = 0.03, spellings = 4, mostWords = 2000 }: QuestionOptions,
): Promise<QuestionedAutomaton> {
  const pupil = createPupil(model, { grammar, threshold, spellings });
  const { words, depth } = await askAll(pupil, { grammar, mostWords });
  let table = await fillTable(pupil, [""]);
  const firstWrong = () => words.find((word) => pupil.answer(word) !== answerOf(table, word));
  for (;;) {
    const wrong = firstWrong() ?? await untrueDifference(pupil, { table, grammar, depth });
    if (wrong === undefined || table.states.length > MOST_STATES) break;
    const endings = Array.from(wrong, (_, i) => wrong.slice(i));
    table = await fillTable(pupil, [...new Set([...table.endings, ...endings])]);
  }
  const word = words.find((word) => pupil.answer(word) !== answerOfGrammar(grammar, word)) ??
    firstDifference(table, { grammar, depth });
  return {
    automaton: toAutomaton(table, { grammar, pupil }),
    depth: (firstWrong()?.length ?? depth + 1) - 1,
    questions: pupil.questions(),
    difference: word === undefined ? null : {
      word,
      text: pupil.spell(word),
      model: spelledOut(pupil.answer(word)),
      truth: spelledOut(answerOfGrammar(grammar, word)),
    },
  };
}

/**
 * What may follow a word: names of symbols, in order, and a full stop where it may end; or that the word
 * itself may not be written.
 */
type Answer = string;
const END = ".";
const IMPOSSIBLE: Answer = "×";

function spelledOut(answer: Answer): string[] {
  return Array.from(answer, (name) => name === END ? "end" : name);
}

/** A model that answers, and remembers its answers. */
interface Pupil {
  /** Has the model read these words, as far as they can be written. */
  ask(words: readonly string[]): Promise<void>;
  /** What may follow a word that was asked. */
  answer(word: string): Answer;
  /** The model's probability of each symbol and, last, of the end. */
  probabilities(word: string): readonly number[];
  /** A word in characters. */
  spell(word: string): string;
  /** The number of words read so far. */
  questions(): number;
}

function createPupil(
  model: LanguageModel,
  { grammar, threshold, spellings }: {
    grammar: Grammar;
    threshold: number;
    spellings: number;
  },
): Pupil {
  const { symbols } = grammar;
  const spell = createSpelling(grammar, spellings);
  const known = new Map<string, { answer: Answer; probabilities: number[] }>();
  const possible = (word: string): boolean =>
    word === "" || known.get(word.slice(0, -1))?.answer.includes(word.at(-1)!) === true;
  const answer = (word: string): Answer => known.get(word)?.answer ?? IMPOSSIBLE;
  const read = async (words: readonly string[]) => {
    const texts = words.flatMap(spell);
    const prefixes = texts.map((
      text,
    ) => [model.vocabulary.start, ...model.vocabulary.encode(text)]);
    const rows = await predictNext(model, prefixes); // ln Q [words · spellings, V]
    const { size } = model.vocabulary;
    words.forEach((word, i) => {
      const means = new Array<number>(symbols.length + 1).fill(0);
      rows.subarray(i * spellings * size, (i + 1) * spellings * size).forEach((logarithm, j) => {
        means[symbolOf(j % size, { model, grammar })]! += Math.exp(logarithm) / spellings;
      });
      const names = [...symbols.map(({ name }) => name), END];
      const allowed = names.filter((_, symbol) => means[symbol]! > threshold);
      known.set(word, { answer: allowed.join(""), probabilities: means });
    });
  };
  const ask = async (words: readonly string[]) => {
    const longest = words.reduce((most, { length }) => Math.max(most, length), 0);
    for (let length = 0; length <= longest; length++) { // an answer says which longer words there are
      const prefixes = words.filter((word) => word.length >= length)
        .map((word) => word.slice(0, length));
      const fresh = [...new Set(prefixes)].filter((prefix) =>
        !known.has(prefix) && possible(prefix)
      );
      for (let first = 0; first < fresh.length; first += BATCH_SIZE) {
        await read(fresh.slice(first, first + BATCH_SIZE));
      }
    }
  };
  return {
    ask,
    answer,
    probabilities: (word) => known.get(word)!.probabilities,
    spell: (word) => spell(word)[0]!,
    questions: () => known.size,
  };
}

const BATCH_SIZE = 256;

/** Spells words in several ways, the same ways always: a longer word begins as the shorter one. */
function createSpelling(
  { symbols }: Grammar,
  spellings: number,
): (word: string) => string[] {
  const characters = new Map(symbols.map(({ name, characters }) => [name, characters]));
  const hands = Array.from({ length: spellings }, (_, hand) => {
    const rng = createRandom(0, "spelling", hand);
    const draws: number[] = [];
    return (position: number) => {
      while (draws.length <= position) draws.push(rng.uniform());
      return draws[position]!;
    };
  });
  return (word) =>
    hands.map((draw) =>
      Array.from(word, (name, position) => {
        const choices = characters.get(name)!;
        return choices[Math.floor(draw(position) * choices.length)]!;
      }).join("")
    );
}

/** Asks about all words up to the length at which they become too many. */
async function askAll(
  pupil: Pupil,
  { grammar, mostWords }: { grammar: Grammar; mostWords: number },
): Promise<{ words: string[]; depth: number }> {
  const names = grammar.symbols.map(({ name }) => name);
  const words: string[] = [];
  let level = [""];
  let depth = -1;
  while (level.length > 0 && (depth < 1 || words.length + level.length <= mostWords)) {
    await pupil.ask(level);
    for (const word of level) words.push(word);
    level = level.flatMap((word) =>
      names.filter((name) => pupil.answer(word).includes(name)).map((name) => word + name)
    );
    depth++;
  }
  return { words, depth };
}

/** The states found so far: words that lead there, and what follows. */
interface Table {
  readonly states: readonly {
    readonly word: string;
    readonly answer: Answer;
    /** Symbol name → index of the state it leads to. */
    readonly next: ReadonlyMap<string, number>;
  }[];
  /** What is written behind two words to tell their states apart. */
  readonly endings: readonly string[];
}

/** Finds states that differ in what follows one of the endings, until each arrow leads to one of them. */
async function fillTable(pupil: Pupil, endings: readonly string[]): Promise<Table> {
  const rows = new Map<string, number>();
  const states: { word: string; answer: Answer; next: Map<string, number> }[] = [];
  const stateOf = async (word: string) => {
    await pupil.ask([word, ...endings.map((ending) => word + ending)]);
    const row = endings.map((ending) => pupil.answer(word + ending)).join(" ");
    const found = rows.get(row) ?? states.length;
    if (found === states.length) {
      rows.set(row, found);
      states.push({ word, answer: pupil.answer(word), next: new Map() });
    }
    return found;
  };
  await stateOf("");
  for (const { word, answer, next } of states) { // subtle: `stateOf` makes states grow
    if (states.length > MOST_STATES) break;
    for (const name of answer.replace(END, "")) next.set(name, await stateOf(word + name));
  }
  return { states, endings };
}

/** The answer of the automaton in the table; of states beyond the limit no arrow is known. */
function answerOf({ states }: Table, word: string): Answer {
  let state = states[0];
  for (const name of word) state = states[state?.next.get(name) ?? -1];
  if (state === undefined) return IMPOSSIBLE;
  const { answer, next } = state;
  return Array.from(answer).filter((name) => name === END || next.has(name)).join("");
}

/** The grammar's answer. */
function answerOfGrammar(grammar: Grammar, word: string): Answer {
  const { states, symbols } = grammar.automaton;
  let state = states[grammar.start];
  for (const name of word) {
    const arrow = state?.arrows.find(({ symbol }) => symbols[symbol]!.name === name);
    state = arrow && states[arrow.target];
  }
  return state === undefined ? IMPOSSIBLE : answerIn(grammar, state);
}

function answerIn({ symbols }: Grammar, { arrows, end }: State): Answer {
  const allowed = new Set(arrows.map(({ symbol }) => symbol));
  const names = symbols.filter((_, symbol) => allowed.has(symbol)).map(({ name }) => name);
  return names.join("") + (end > 0 ? END : "");
}

/**
 * The shortest word after which the automaton in the table and the grammar's differ: both are walked side
 * by side until all pairs of states have been seen, or up to a depth where the grammar's are infinitely
 * many.
 */
function firstDifference(
  { states }: Table,
  { grammar, depth }: { grammar: Grammar; depth: number },
): string | undefined {
  const { automaton, symbols, start } = grammar;
  const seen = new Set<string>();
  const pairs = [{ word: "", found: 0, truth: start }];
  for (const { word, found, truth } of pairs) { // subtle: pairs grow
    const { answer, next } = states[found]!;
    const state = automaton.states[truth]!;
    if (answer !== answerIn(grammar, state)) return word;
    if (automaton.unbounded && word.length >= depth) continue;
    for (const { symbol, target } of state.arrows) {
      const { name } = symbols[symbol]!;
      const other = next.get(name);
      const pair = `${other} ${target}`;
      if (other === undefined || seen.has(pair)) continue;
      seen.add(pair);
      pairs.push({ word: word + name, found: other, truth: target });
    }
  }
  return undefined;
}

/** A difference from the grammar that the model itself does not make: the table is wrong there. */
async function untrueDifference(
  pupil: Pupil,
  { table, ...truth }: { table: Table; grammar: Grammar; depth: number },
): Promise<string | undefined> {
  const word = firstDifference(table, truth);
  if (word === undefined) return undefined;
  await pupil.ask([word]);
  return pupil.answer(word) === answerOf(table, word) ? undefined : word;
}

function toAutomaton(
  { states }: Table,
  { grammar, pupil }: { grammar: Grammar; pupil: Pupil },
): Automaton {
  return {
    symbols: grammar.symbols,
    states: states.map(({ word, answer, next }) => {
      const probabilities = pupil.probabilities(word);
      return {
        label: word,
        end: answer.includes(END) ? probabilities.at(-1)! : 0,
        arrows: grammar.symbols.flatMap(({ name }, symbol) => {
          const target = next.get(name);
          return target === undefined
            ? []
            : [{ symbol, probability: probabilities[symbol]!, target }];
        }),
        reason: () => "",
      };
    }),
  };
}
