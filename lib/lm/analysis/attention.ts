/** What a Transformer's heads look at, and what is lost without them. */
import { largestOf } from "../../extremes.ts";
import { tf } from "../../tensor/mod.ts";
import type { NeuralModel } from "../language_model.ts";
import { observeAll, observeBatch } from "./observe.ts";
import { sortedBatches } from "../data/batches.ts";

/** One head of one layer. */
export interface HeadAnalysis {
  /** Counted from 0. */
  readonly layer: number;
  /** Counted from 0, within the layer. */
  readonly head: number;
  /** Mean weight given to the token 0, 1, 2, … positions back. */
  readonly byDistance: number[];
  /** The same for a head that looks at all it sees alike: the chance level of each distance, exactly. */
  readonly uniform: number[];
  /** The distance at which the head looks most beyond what looking at all alike gives. */
  readonly favourite: number;
  /** How far beyond: 0 for a head without a favourite. */
  readonly beyondUniform: number;
}

/** Distances looked at. */
const FARTHEST = 12;

/** Mean attention by distance for each head, over positions that could look as far. */
export async function attentionByDistance(
  model: NeuralModel,
  encoded: readonly Int32Array[],
): Promise<HeadAnalysis[]> {
  const { layers, heads } = headsOf(model);
  const analyses: HeadAnalysis[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const sums = Array.from({ length: heads }, () => new Float64Array(FARTHEST));
    const alike = new Float64Array(FARTHEST);
    const counts = new Float64Array(FARTHEST);
    await observeAll(model, {
      encoded,
      name: `block${layer}.attention`,
      visit: ({ size, length, targets }, weights) => {
        for (let row = 0; row < size; row++) {
          for (let to = 0; to < length && targets[row * length + to]! >= 0; to++) {
            for (let back = 0; back <= to && back < FARTHEST; back++) {
              counts[back]!++;
              alike[back]! += 1 / (to + 1);
              sums.forEach((sum, head) => {
                const place = ((row * heads + head) * length + to) * length + to - back; // [B, H, T, T]
                sum[back]! += weights[place]!;
              });
            }
          }
        }
      },
    });
    const means = (totals: Float64Array) =>
      Array.from(totals, (total, back) => counts[back]! ? total / counts[back]! : 0);
    sums.forEach((sum, head) => {
      const [byDistance, uniform] = [means(sum), means(alike)];
      const beyond = byDistance.map((weight, back) => weight - uniform[back]!);
      const beyondUniform = largestOf(beyond);
      const favourite = beyond.indexOf(beyondUniform);
      analyses.push({ layer, head, byDistance, uniform, favourite, beyondUniform });
    });
  }
  return analyses;
}

/** The attention [T, T] of every head over one string, the start token first. */
export async function attentionOn(
  model: NeuralModel,
  text: string,
): Promise<{ layer: number; head: number; weights: number[][] }[]> {
  const { layers, heads } = headsOf(model);
  const [batch] = sortedBatches([model.vocabulary.encode(text)], {
    batchSize: 1,
    vocabulary: model.vocabulary,
  });
  const maps: { layer: number; head: number; weights: number[][] }[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const { values } = await observeBatch(model, {
      batch: batch!,
      name: `block${layer}.attention`,
    });
    const time = batch!.length;
    for (let head = 0; head < heads; head++) {
      const weights = Array.from(
        { length: time },
        (_, to) =>
          Array.from(values.subarray((head * time + to) * time, (head * time + to + 1) * time)),
      );
      maps.push({ layer, head, weights });
    }
  }
  return maps;
}

/**
 * Measures the model with one head after another silenced: the rows of the output projection that
 * carry the head are zero for the while, and put back whatever happens.
 *
 * @returns what `measure` gives for each head, in the order of layers and heads
 */
export async function withoutHeads<T>(
  model: NeuralModel,
  measure: () => Promise<T>,
): Promise<{ layer: number; head: number; result: T }[]> {
  const { layers, heads } = headsOf(model);
  const results: { layer: number; head: number; result: T }[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const projection = model.parameters.get(`transformer.h.${layer}.attn.c_proj.weight`)!; // [C, C]
    const kept = projection.clone();
    const width = projection.shape[0]!;
    try {
      for (let head = 0; head < heads; head++) {
        tf.tidy(() => {
          const rows = Array.from({ length: width }, (_, row) => Math.floor(row * heads / width));
          const mask = tf.tensor2d(rows.map((owner) => [owner === head ? 0 : 1])); // [C, 1]
          projection.assign(kept.mul(mask));
        });
        results.push({ layer, head, result: await measure() });
      }
    } finally {
      projection.assign(kept);
      kept.dispose();
    }
  }
  return results;
}

/**
 * How alike the vectors of two positions are: the cosine of every pair among the first `length`
 * position embeddings.
 */
export async function positionSimilarity(model: NeuralModel, length: number): Promise<number[][]> {
  const table = model.parameters.get("transformer.wpe.weight")!; // [T, C]
  const values = await table.data();
  const width = table.shape[1]!;
  const count = Math.min(length, table.shape[0]!);
  const rows = Array.from({ length: count }, (_, i) => values.slice(i * width, (i + 1) * width));
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
  return rows.map((a) => rows.map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
}

function headsOf(model: NeuralModel): { layers: number; heads: number } {
  const { layers, heads } = model.config;
  if (typeof layers === "number" && typeof heads === "number") return { layers, heads };
  throw new RangeError(`Expected a model with attention heads, got ${model.name}`);
}
