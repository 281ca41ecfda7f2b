/**
 * What a model of finite context is worth, with nothing sampled.
 *
 * A model that sees K tokens and nothing else is a random walk over contexts, and whether its string is
 * still right is known from the grammar's state. So whoever stands at a pair of context and state knows
 * all that can follow: the walk over these pairs tells how many strings end right, and the same walk by
 * the grammar's own probabilities how often the model meets each pair on the grammar's strings.
 *
 * K is the length of the context, V the vocabulary size, P the truth, Q the model.
 */
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import { divergence } from "./evaluate.ts";
import { predictNext } from "./predict.ts";

/** What a model's strings, and its predictions on the grammar's strings, are worth. */
export interface ExactAccuracy {
  /** The share of members among the strings that the model writes. */
  readonly accuracy: number;
  /** The mean of KL(P ‖ Q) over the tokens of the grammar's strings, in nats. */
  readonly excessLoss: number;
  /**
   * The share of strings, the model's and the grammar's, that were not followed to their end: 10⁻¹² or
   * less but where memory has no bound. The accuracy may be higher by as much.
   */
  readonly residual: number;
}

/** A pair is left along an arrow for each token that may follow; more in all take too long. */
const MOST_ARROWS = 1 << 24;

/** A step leads along the arrows of one symbol and has to be remembered. Without a bound to what there
 * is to follow, most of the share of strings is found by far fewer. */
const MOST_STEPS = 1 << 20;
const MOST_STEPS_UNBOUNDED = 1 << 17;

const BATCH_SIZE = 1024;

/** Walks are followed until so few are still under way; a model that loops instead is given up. */
const NEGLIGIBLE = 1e-12;
const MOST_SWEEPS = 10_000;

/**
 * The exact accuracy and excess loss of a model whose predictions depend on its last K tokens alone.
 *
 * Null where K is infinite or V^(K+1) arrows are too many: with 63 tokens K may be 3, with the 7 of
 * brackets 7.
 *
 * @param options.mostArrows the work allowed; it takes a few seconds
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createGrammar } from "../../grammar/mod.ts";
 * import { createRandomModel } from "../models/random.ts";
 * import { createVocabulary } from "../data/vocabulary.ts";
 * import { exactAccuracy } from "./exact.ts";
 *
 * const grammar = createGrammar("runs", 2); // runs of one: no two neighbours of one kind
 * const model = createRandomModel({ vocabulary: createVocabulary(grammar.alphabet) });
 * const exact = await exactAccuracy(model, { grammar });
 * assertAlmostEquals(exact!.excessLoss, Math.log(63) - grammar.entropyFloor(), 1e-6);
 * ```
 */
export async function exactAccuracy(
  model: LanguageModel,
  { grammar, mostArrows = MOST_ARROWS }: { grammar: Grammar; mostArrows?: number },
): Promise<ExactAccuracy | null> {
  if (model.vocabulary.size ** (model.contextLength + 1) > 2 * mostArrows) return null;
  const chain = createChain(model, { grammar, mostArrows });
  return chain && judge(chain, await predictAll(model, chain));
}

/**
 * Pairs of context and state. All characters of a symbol lead from a pair to one state, and their
 * contexts differ in the last token alone: these pairs form a block, stand side by side, and are
 * reached in one go.
 */
interface Chain {
  readonly grammar: Grammar;
  /** Blocks in the order in which they were found; the first holds the start alone. */
  readonly blocks: readonly Block[];
  /** Index into the chain's contexts of each pair [pairs]. */
  readonly contextOf: readonly number[];
  /** For each context a pair that has it. */
  readonly exampleOf: readonly number[];
  /** Where the steps of each pair begin; pairs past the end of this list were not followed. */
  readonly offsets: readonly number[];
  /** The block that each step leads to. */
  readonly targets: readonly number[];
}

/** The pairs behind one symbol, a pair for each of its characters. */
interface Block {
  /** The grammar's state in all of them. */
  readonly state: number;
  /** The number of the first pair. */
  readonly first: number;
  /** The last token read in the first pair; that of the others is one more each. */
  readonly token: number;
  /** Number of pairs. */
  readonly size: number;
  /** The tokens before, as digits of a number: the last K − 1. */
  readonly code: number;
  /** A pair before, −1 for the start. */
  readonly parent: number;
}

/** Follows all that may be written, breadth first; null where that is more than allowed. */
function createChain(
  { vocabulary, contextLength }: LanguageModel,
  { grammar, mostArrows }: { grammar: Grammar; mostArrows: number },
): Chain | null {
  const { states, symbols, unbounded } = grammar.automaton;
  const firstTokens = symbols.map(({ characters }) => vocabulary.encode(characters[0]!)[0]!);
  const modulus = vocabulary.size ** Math.max(0, contextLength - 1);
  const contexts = numbering<number>();
  const found = numbering<string>();
  const blocks: Block[] = [];
  const contextOf: number[] = [];
  const exampleOf: number[] = [];
  const offsets = [0];
  const targets: number[] = [];
  const add = (block: Omit<Block, "first">): void => {
    blocks.push({ ...block, first: contextOf.length });
    for (let i = 0; i < block.size; i++) {
      const context = contexts.indexOf(block.code * vocabulary.size + block.token + i);
      exampleOf[context] ??= contextOf.length;
      contextOf.push(context);
    }
  };
  found.indexOf("start");
  add({ state: grammar.start, token: vocabulary.start, size: 1, code: 0, parent: -1 });
  let arrows = 0;
  for (const { state, first, token, size, code } of blocks) { // subtle: `add` makes blocks grow
    for (let pair = first; pair < first + size; pair++) {
      const read = (code * vocabulary.size + token + pair - first) % modulus;
      for (const { symbol, target } of states[state]!.arrows) {
        const block = found.indexOf(`${read} ${symbol} ${target}`);
        const { length } = symbols[symbol]!.characters;
        if (block === blocks.length) {
          add({
            state: target,
            token: firstTokens[symbol]!,
            size: length,
            code: read,
            parent: pair,
          });
        }
        targets.push(block);
        arrows += length;
      }
      offsets.push(targets.length);
    }
    if (unbounded && targets.length > MOST_STEPS_UNBOUNDED) break;
    if (arrows > mostArrows || targets.length > MOST_STEPS) return null;
  }
  return { grammar, blocks, contextOf, exampleOf, offsets, targets };
}

/** Gives out numbers to keys, 0, 1, … as they come. */
function numbering<T>(): { keys(): T[]; indexOf(key: T): number } {
  const indices = new Map<T, number>();
  return {
    keys: () => [...indices.keys()],
    indexOf: (key) => {
      const known = indices.get(key) ?? indices.size;
      if (known === indices.size) indices.set(key, known);
      return known;
    },
  };
}

/** ln Q of what follows each context [contexts, V]. */
async function predictAll(model: LanguageModel, chain: Chain): Promise<Float32Array> {
  const { size } = model.vocabulary;
  const read = readerOf(chain);
  const rows = new Float32Array(chain.exampleOf.length * size);
  for (let first = 0; first < chain.exampleOf.length; first += BATCH_SIZE) {
    const prefixes = chain.exampleOf.slice(first, first + BATCH_SIZE).map(read);
    rows.set(await predictNext(model, prefixes), first * size);
  }
  return rows;
}

/** Gives the tokens of a string's beginning that leads to a pair, the start token first. */
function readerOf({ blocks, contextOf }: Chain): (pair: number) => number[] {
  const blockOf = new Int32Array(contextOf.length);
  blocks.forEach(({ first, size }, block) => blockOf.fill(block, first, first + size));
  return (pair) => {
    const tokens: number[] = [];
    while (pair >= 0) {
      const { token, first, parent } = blocks[blockOf[pair]!]!;
      tokens.push(token + pair - first);
      pair = parent;
    }
    return tokens.reverse();
  };
}

function judge(chain: Chain, logarithms: Float32Array): ExactAccuracy {
  const { grammar, blocks, contextOf, offsets } = chain;
  const size = grammar.alphabet.length + 1; // V
  const states = numbering<number>();
  const stateOf = new Int32Array(contextOf.length);
  for (const { state, first, size } of blocks) {
    stateOf.fill(states.indexOf(state), first, first + size);
  }
  const truths = states.keys().map((state) => grammar.probabilities(state));
  const written = walk(chain, { rows: logarithms.map(Math.exp), rowOf: contextOf });
  const read = walk(chain, { rows: Float64Array.from(truths.flatMap(endFirst)), rowOf: stateOf });
  let [accuracy, excess, tokens] = [0, 0, 0];
  for (let pair = 0; pair < offsets.length - 1; pair++) {
    const first = contextOf[pair]! * size;
    const row = logarithms.subarray(first, first + size);
    const truth = truths[stateOf[pair]!]!;
    if (truth.at(-1)! > 0) accuracy += written.visits[pair]! * Math.exp(row[0]!);
    excess += read.visits[pair]! * divergence(truth, row);
    tokens += read.visits[pair]!;
  }
  const residual = Math.max(written.residual, read.residual);
  return { accuracy: Math.min(1, accuracy), excessLoss: excess / tokens, residual };
}

/** The grammar keeps the end last, the vocabulary first. */
function endFirst(probabilities: Float64Array): number[] {
  return [probabilities.at(-1)!, ...probabilities.subarray(0, -1)];
}

/**
 * How often a walk is expected to stand at each pair, and the share of walks that were not followed to
 * their end. Sweep after sweep each pair counts what waits there and hands it on.
 *
 * @param rows the probabilities of all tokens, V a row; `rowOf` says which row belongs to a pair
 */
function walk(
  { grammar, blocks, contextOf, offsets, targets }: Chain,
  { rows, rowOf }: { rows: Float32Array | Float64Array; rowOf: ArrayLike<number> },
): { visits: Float64Array; residual: number } {
  const vocabularySize = grammar.alphabet.length + 1;
  const visits = new Float64Array(offsets.length - 1);
  const waiting = new Float64Array(contextOf.length);
  waiting[0] = 1;
  for (let sweep = 0, left = 1; left > NEGLIGIBLE && sweep < MOST_SWEEPS; sweep++) {
    left = 0;
    for (let pair = 0; pair < visits.length; pair++) {
      const mass = waiting[pair]!;
      if (mass === 0) continue;
      left += mass;
      waiting[pair] = 0;
      visits[pair]! += mass;
      const row = rowOf[pair]! * vocabularySize;
      for (let step = offsets[pair]!; step < offsets[pair + 1]!; step++) {
        const { first, size, token } = blocks[targets[step]!]!;
        for (let i = 0; i < size; i++) waiting[first + i]! += mass * rows[row + token + i]!;
      }
    }
  }
  return { visits, residual: waiting.reduce((sum, mass) => sum + mass, 0) };
}
