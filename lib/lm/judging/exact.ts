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

/** What a model's strings, and its predictions on the grammar's strings, are worth. */
export interface ExactAccuracy {
  /** The share of members among the strings that the model writes. */
  readonly accuracy: number;
  /** The mean of KL(P ‖ Q) over the tokens of the grammar's strings, in nats. */
  readonly excessLoss: number;
  /** The share of strings, the model's and the grammar's, that were not followed to their end. */
  readonly residual: number;
}

/** A pair is left along an arrow for each token that may follow; more in all take too long. */
const MOST_ARROWS = 1 << 24;

/** A step leads along the arrows of one symbol and has to be remembered. */
const MOST_STEPS = 1 << 20;

/** Walks are followed until so few are still under way … */
const NEGLIGIBLE = 1e-12;

/** … and a model that goes round in circles instead, so that more are left than this, has no answer. */
const MOST_SWEEPS = 10_000;
const MOST_LEFT = 1e-9;

/**
 * The exact accuracy and excess loss of a model whose predictions depend on its last K tokens alone.
 *
 * Null where K is infinite, where V^(K+1) arrows are too many (with 63 tokens K may be 3, with the 7 of
 * brackets 7), and where the grammar's memory has no bound: then there are infinitely many pairs.
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
  const possible = model.vocabulary.size ** (model.contextLength + 1);
  if (grammar.automaton.unbounded || possible > 2 * mostArrows) return null;
  const chain = createChain(model, { grammar, mostArrows });
  if (chain === null) return null;
  const exact = judge(chain, await predictAll(model, chain));
  return exact.residual > MOST_LEFT ? null : exact;
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
  /** Where the steps of each pair begin, and where the last ones end [pairs + 1]. */
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
  const { states, symbols } = grammar.automaton;
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
    if (arrows > mostArrows || targets.length > MOST_STEPS) return null;
  }
  return { grammar, blocks, contextOf, exampleOf, offsets, targets };
}

/** Gives out numbers to keys, 0, 1, … as they come. */
function numbering<T>(): { indexOf(key: T): number } {
  const indices = new Map<T, number>();
  return {
    indexOf: (key) => {
      const known = indices.get(key) ?? indices.size;
      if (known === indices.size) indices.set(key, known);
      return known;
    },
  };
}

/**
 * ln Q of what follows each context [contexts, V]: one decoder reads the beginnings that lead to them,
 * all of one length in step.
 */
async function predictAll(model: LanguageModel, chain: Chain): Promise<Float32Array> {
  const { blocks, contextOf, exampleOf } = chain;
  const { size } = model.vocabulary;
  const { blockOf, needed } = waysTo(chain);
  const rows = new Float32Array(exampleOf.length * size);
  const place = new Int32Array(contextOf.length); // of a pair among those of its level
  const tokenOf = (pair: number) => {
    const { token, first } = blocks[blockOf[pair]!]!;
    return token + pair - first;
  };
  const decoder = model.startDecoding(1);
  try {
    for (let level = [0], next = 1; level.length > 0;) {
      const values = await decoder.step(Int32Array.from(level, tokenOf)); // [B, V]
      level.forEach((pair, row) => {
        place[pair] = row;
        const context = contextOf[pair]!;
        if (exampleOf[context] !== pair) return;
        rows.set(values.subarray(row * size, (row + 1) * size), context * size);
      });
      const last = level.at(-1)!; // pairs are numbered level by level
      level = [];
      for (; next < needed.length; next++) {
        const { parent } = blocks[blockOf[next]!]!;
        if (parent > last) break;
        if (needed[next]) level.push(next);
      }
      decoder.select(Int32Array.from(level, (pair) => place[blocks[blockOf[pair]!]!.parent]!));
    }
  } finally {
    decoder.dispose();
  }
  return rows;
}

/** The block of each pair, and which pairs lie on the way to an example of a context. */
function waysTo(
  { blocks, contextOf, exampleOf }: Chain,
): { blockOf: Int32Array; needed: Uint8Array } {
  const blockOf = new Int32Array(contextOf.length);
  blocks.forEach(({ first, size }, block) => blockOf.fill(block, first, first + size));
  const needed = new Uint8Array(contextOf.length);
  for (let pair of exampleOf) {
    for (; pair >= 0 && needed[pair] === 0; pair = blocks[blockOf[pair]!]!.parent) needed[pair] = 1;
  }
  return { blockOf, needed };
}

function judge(chain: Chain, logarithms: Float32Array): ExactAccuracy {
  const { grammar, blocks, contextOf } = chain;
  const written = walkByModel(chain, logarithms.map(Math.exp));
  const read = walkByGrammar(chain);
  const vocabularySize = grammar.alphabet.length + 1;
  let [accuracy, excess, tokens] = [0, 0, 0];
  for (const { state, first, size } of blocks) {
    const truth = grammar.probabilities(state);
    for (let pair = first; pair < first + size; pair++) {
      const start = contextOf[pair]! * vocabularySize;
      const row = logarithms.subarray(start, start + vocabularySize);
      if (truth.at(-1)! > 0) accuracy += written.visits[pair]! * Math.exp(row[0]!);
      excess += read.visits[pair]! * divergence(truth, row);
      tokens += read.visits[pair]!;
    }
  }
  const residual = Math.max(written.residual, read.residual);
  return { accuracy: Math.min(1, accuracy), excessLoss: excess / tokens, residual };
}

/** What a walk over the chain comes to. */
interface Walk {
  /** How often it is expected to stand at each pair. */
  readonly visits: Float64Array;
  /** The share of walks that were not followed to their end. */
  readonly residual: number;
}

/** A walk from place to place: place 0 is the start. */
interface Steps {
  /** Where the steps of each place begin, and where the last ones end [places + 1]. */
  readonly starts: Int32Array;
  /** A step leads to `sizes` places side by side: the first of them … */
  readonly firsts: Int32Array;
  readonly sizes: Int32Array;
  /** … and where in `weights` their probabilities begin. */
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

/** The walk of the model from pair to pair; `weights` are Q of what follows each context. */
function walkByModel(
  { grammar, blocks, contextOf, offsets, targets }: Chain,
  weights: Float32Array,
): Walk {
  const vocabularySize = grammar.alphabet.length + 1;
  const rows = new Int32Array(targets.length);
  for (let pair = 0; pair < offsets.length - 1; pair++) {
    for (let step = offsets[pair]!; step < offsets[pair + 1]!; step++) {
      rows[step] = contextOf[pair]! * vocabularySize + blocks[targets[step]!]!.token;
    }
  }
  return walk({
    starts: Int32Array.from(offsets),
    firsts: Int32Array.from(targets, (block) => blocks[block]!.first),
    sizes: Int32Array.from(targets, (block) => blocks[block]!.size),
    rows,
    weights,
  });
}

/** The walk of the grammar, which stands at all pairs of a block alike: from block to block. */
function walkByGrammar({ grammar, blocks, offsets, targets }: Chain): Walk {
  const weights = blocks.flatMap(({ state, size }) => {
    const { arrows } = grammar.automaton.states[state]!;
    const shares = arrows.map(({ probability }) => probability / size);
    return Array.from({ length: size }, () => shares).flat();
  });
  const { visits, residual } = walk({
    starts: Int32Array.from([...blocks.map(({ first }) => offsets[first]!), weights.length]),
    firsts: Int32Array.from(targets),
    sizes: new Int32Array(targets.length).fill(1),
    rows: Int32Array.from(targets, (_, step) => step),
    weights: Float32Array.from(weights),
  });
  const shares = new Float64Array(offsets.length - 1);
  blocks.forEach(({ first, size }, block) =>
    shares.fill(visits[block]! / size, first, first + size)
  );
  return { visits: shares, residual };
}

/** Pours one walker in at the start; sweep after sweep each place counts what waits and hands it on. */
function walk({ starts, firsts, sizes, rows, weights }: Steps): Walk {
  const visits = new Float64Array(starts.length - 1);
  const waiting = new Float64Array(starts.length - 1);
  waiting[0] = 1;
  for (let sweeps = 0, left = 1; left > NEGLIGIBLE && sweeps < MOST_SWEEPS; sweeps++) {
    left = 0;
    for (let place = 0; place < visits.length; place++) {
      const mass = waiting[place]!;
      if (mass === 0) continue;
      left += mass;
      waiting[place] = 0;
      visits[place]! += mass;
      for (let step = starts[place]!; step < starts[place + 1]!; step++) {
        const first = firsts[step]!;
        const row = rows[step]!;
        for (let i = 0; i < sizes[step]!; i++) waiting[first + i]! += mass * weights[row + i]!;
      }
    }
  }
  return { visits, residual: waiting.reduce((sum, mass) => sum + mass, 0) };
}
