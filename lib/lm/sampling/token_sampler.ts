/** Drawing one token from predicted probabilities. */
import TinyQueue from "tinyqueue";
import type { Random } from "../../random.ts";

/** How much of a prediction a draw follows. */
export interface DecodingOptions {
  /**
   * ln P is divided by it: 1 draws as predicted, below 1 the likely becomes likelier, 0 always
   * takes the likeliest.
   */
  temperature?: number | undefined;
  /** Only the k likeliest tokens may be drawn (Fan et al., 2018). */
  topK?: number | undefined;
  /** Only the likeliest tokens whose probabilities first sum to p may be drawn (Holtzman et al., 2020). */
  topP?: number | undefined;
}

/** Draws a token id from a row of ln P; throws a RangeError when nothing is possible. */
export type Choose = (row: Float32Array, rng: Random) => number;

/** A way to draw, checked once and then used for every token. */
export function createTokenSampler({ temperature = 1, topK, topP }: DecodingOptions): Choose {
  requireRange("temperature", temperature, temperature >= 0, "of at least 0");
  requireRange("top-k", topK, (topK ?? 1) >= 1, "of at least 1");
  requireRange("top-p", topP, (topP ?? 1) > 0 && (topP ?? 1) <= 1, "above 0 and at most 1");
  if (temperature === 0) return likeliest;
  return (row, rng) => {
    const weights = relativeWeights(row, temperature);
    if (topK !== undefined || topP !== undefined) keepLikeliest(weights, { topK, topP });
    return draw(weights, rng);
  };
}

function requireRange(name: string, given: number | undefined, holds: boolean, wanted: string) {
  if (!holds) throw new RangeError(`Expected a ${name} ${wanted}, got ${given}`);
}

function likeliest(row: Float32Array): number {
  return row.indexOf(highest(row));
}

/** The highest ln P, or an error when every one is −∞. */
function highest(row: Float32Array): number {
  let best = -Infinity;
  for (let token = 0; token < row.length; token++) best = Math.max(best, row[token]!);
  if (best === -Infinity) {
    throw new RangeError("Expected a token that may follow, got a prefix after which none may");
  }
  return best;
}

/** exp((ln P − the highest) / temperature): never overflows, and the likeliest weighs 1. */
function relativeWeights(row: Float32Array, temperature: number): Float64Array {
  const best = highest(row);
  const weights = new Float64Array(row.length);
  for (let token = 0; token < row.length; token++) {
    weights[token] = Math.exp((row[token]! - best) / temperature);
  }
  return weights;
}

function keepLikeliest(
  weights: Float64Array,
  { topK = Infinity, topP = 1 }: Pick<DecodingOptions, "topK" | "topP">,
): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const descending = heaviest(weights, { topK, topP, total });
  let kept = 0;
  let rank = 0;
  while (rank < descending.length && kept < topP * total) kept += descending[rank++]!;
  const least = descending[rank - 1]!;
  let alike = descending.subarray(0, rank).reduce((n, weight) => n + +(weight === least), 0);
  for (let token = 0; token < weights.length; token++) { // of those alike, the first
    if (weights[token]! < least || (weights[token] === least && alike-- <= 0)) weights[token] = 0;
  }
}

/** The weights that may be kept, from the heaviest on; of a large vocabulary only a small part need be sorted. */
function heaviest(
  weights: Float64Array,
  { topK, topP, total }: { topK: number; topP: number; total: number },
): Float64Array {
  if (topK < weights.length / 8) return heaviestFew(weights, Math.ceil(topK));
  // all weights below this one add up to less than top-p leaves out
  const negligible = (1 - topP) * total / weights.length / 2;
  return weights.filter((weight) => weight >= negligible).sort().reverse().subarray(
    0,
    Math.ceil(topK),
  );
}

function heaviestFew(weights: Float64Array, count: number): Float64Array {
  const lightestFirst = new TinyQueue(Array.from(weights.subarray(0, count)));
  for (let token = count; token < weights.length; token++) {
    if (weights[token]! <= lightestFirst.peek()!) continue;
    lightestFirst.pop();
    lightestFirst.push(weights[token]!);
  }
  return Float64Array.from(lightestFirst.data).sort().reverse();
}

function draw(weights: Float64Array, rng: Random): number {
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  let last = 0; // subtle: rounding may leave a rest after the last token of weight
  for (let token = 0; token < weights.length; token++) {
    if (weights[token]! === 0) continue;
    last = token;
    left -= weights[token]!;
    if (left < 0) break;
  }
  return last;
}
