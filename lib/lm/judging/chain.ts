/**
 * A model of finite context on its way through a grammar, as a walk from place to place.
 *
 * A model that sees K tokens and nothing else is a random walk over contexts, and whether its string is
 * still right is known from the grammar's state. So whoever stands at a pair of context and state knows
 * all that can follow.
 *
 * K is the length of the context, V the vocabulary size, P the truth, Q the model.
 */
import type { Grammar } from "../../grammar/mod.ts";
import { isNeural, type LanguageModel } from "../language_model.ts";

/** Walks are followed until so few are still under way, or through so many sweeps. */
const NEGLIGIBLE = 1e-12;
const MOST_SWEEPS = 10_000;

/**
 * Pairs of context and state. All characters of a symbol lead from a pair to one state, and their
 * contexts differ in the last token alone: these pairs form a block, stand side by side, and are
 * reached in one go.
 */
export interface Chain {
  readonly grammar: Grammar;
  /** Blocks in the order in which they were found; the first holds the start alone. */
  readonly blocks: readonly Block[];
  /** Index into the chain's contexts of each pair [pairs]. */
  readonly contextOf: readonly number[];
  /** For each context a pair that has it. */
  readonly exampleOf: readonly number[];
  /** Where the steps of each pair begin, and where the last ones end [pairs + 1]. */
  readonly offsets: readonly number[];
  /** The block that each step leads to, {@linkcode OUTSIDE} where there are too many to follow. */
  readonly targets: readonly number[];
}

/** Where steps lead that are not followed. */
export const OUTSIDE = -1;

/** The pairs behind one symbol, a pair for each of its characters. */
export interface Block {
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

/**
 * Whether all that a model predicts depends on its last K tokens alone. It does not in a Transformer: when
 * its context is full it forgets half of it, so that it matters how long a text is already.
 */
export function isWindow(model: LanguageModel): boolean {
  const slides = isNeural(model) && Number.isFinite(model.longestInput);
  return Number.isFinite(model.contextLength) && !slides;
}

/** A step leads along the arrows of one symbol and has to be remembered: one for so many arrows. */
const ARROWS_A_STEP = 16;

/**
 * Follows all that may be written, breadth first; what is found when that becomes more than allowed lies
 * outside.
 *
 * @param options.mostArrows a pair is left along an arrow for each token that may follow; so many in all
 */
export function createChain(
  { vocabulary, contextLength }: LanguageModel,
  { grammar, mostArrows }: { grammar: Grammar; mostArrows: number },
): Chain {
  const { states, symbols } = grammar.automaton;
  const firstTokens = symbols.map(({ characters }) => vocabulary.encode(characters[0]!)[0]!);
  const modulus = vocabulary.size ** Math.max(0, contextLength - 1);
  const contexts = numbering<number>();
  const found = new Map<string, number>();
  const blocks: Block[] = [];
  const contextOf: number[] = [];
  const exampleOf: number[] = [];
  const offsets = [0];
  const targets: number[] = [];
  let [arrows, steps] = [0, 0];
  const add = (block: Omit<Block, "first">): void => {
    blocks.push({ ...block, first: contextOf.length });
    const left = states[block.state]!.arrows;
    steps += block.size * left.length;
    for (const { symbol } of left) arrows += block.size * symbols[symbol]!.characters.length;
    for (let i = 0; i < block.size; i++) {
      const context = contexts.indexOf(block.code * vocabulary.size + block.token + i);
      exampleOf[context] ??= contextOf.length;
      contextOf.push(context);
    }
  };
  const blockOf = (read: number, { symbol, target, parent }: Found): number => {
    const key = `${read} ${symbol} ${target}`;
    const known = found.get(key);
    if (known !== undefined) return known;
    if (arrows > mostArrows || steps > mostArrows / ARROWS_A_STEP) return OUTSIDE;
    const token = firstTokens[symbol]!;
    found.set(key, blocks.length);
    add({ state: target, token, size: symbols[symbol]!.characters.length, code: read, parent });
    return blocks.length - 1;
  };
  add({ state: grammar.start, token: vocabulary.start, size: 1, code: 0, parent: -1 });
  for (const { state, first, token, size, code } of blocks) { // subtle: `blockOf` makes blocks grow
    for (let parent = first; parent < first + size; parent++) {
      const read = (code * vocabulary.size + token + parent - first) % modulus;
      for (const arrow of states[state]!.arrows) targets.push(blockOf(read, { ...arrow, parent }));
      offsets.push(targets.length);
    }
  }
  return { grammar, blocks, contextOf, exampleOf, offsets, targets };
}

/** A block that was come upon: along an arrow, from a pair. */
interface Found {
  readonly symbol: number;
  readonly target: number;
  readonly parent: number;
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
export async function predictAll(model: LanguageModel, chain: Chain): Promise<Float32Array> {
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

/** What a walk over the chain comes to. */
export interface Walk {
  /** How often it is expected to stand at each pair. */
  readonly visits: Float64Array;
  /** The share of walks that were not followed to their end. */
  readonly residual: number;
}

/** A walk from place to place: place 0 is the start. */
interface Steps {
  /** Where the steps of each place begin, and where the last ones end [places + 1]. */
  readonly starts: Int32Array;
  /** A step leads to `sizes` places side by side: the first of them, or {@linkcode OUTSIDE} … */
  readonly firsts: Int32Array;
  readonly sizes: Int32Array;
  /** … and where in `weights` their probabilities begin. */
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

/** The walk of the model from pair to pair; `weights` are Q of what follows each context. */
export function walkByModel(
  { grammar, blocks, contextOf, offsets, targets }: Chain,
  weights: Float32Array,
): Walk {
  const { automaton: { states, symbols }, alphabet } = grammar;
  const vocabularySize = alphabet.length + 1;
  const firstOf = symbols.map((_, symbol) =>
    1 + symbols.slice(0, symbol).reduce((sum, { characters }) => sum + characters.length, 0)
  );
  const rows = new Int32Array(targets.length);
  const sizes = new Int32Array(targets.length);
  for (const { state, first, size } of blocks) {
    const { arrows } = states[state]!;
    for (let pair = first; pair < first + size; pair++) {
      arrows.forEach(({ symbol }, i) => {
        const step = offsets[pair]! + i;
        rows[step] = contextOf[pair]! * vocabularySize + firstOf[symbol]!;
        sizes[step] = symbols[symbol]!.characters.length;
      });
    }
  }
  return walk({
    starts: Int32Array.from(offsets),
    firsts: Int32Array.from(targets, (block) => block === OUTSIDE ? OUTSIDE : blocks[block]!.first),
    sizes,
    rows,
    weights,
  });
}

/** The walk of the grammar, which stands at all pairs of a block alike: from block to block. */
export function walkByGrammar({ grammar, blocks, offsets, targets }: Chain): Walk {
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
  let outside = 0;
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
        for (let i = 0; i < sizes[step]!; i++) {
          if (first === OUTSIDE) outside += mass * weights[row + i]!;
          else waiting[first + i]! += mass * weights[row + i]!;
        }
      }
    }
  }
  return { visits, residual: waiting.reduce((sum, mass) => sum + mass, outside) };
}
