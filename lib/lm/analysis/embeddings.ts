/** What a model's character vectors have to say: do characters of one class lie together? */
import type { Grammar } from "../../grammar/mod.ts";
import { createRandom } from "../../random.ts";
import type { NeuralModel } from "../language_model.ts";
import { type Projection, projectToPlane, separation } from "./project.ts";

/** Characters as points, with their classes. */
export interface EmbeddingAnalysis extends Projection {
  /** The alphabet, in its order. */
  readonly characters: readonly string[];
  /** Index into {@linkcode classes} for each character. */
  readonly labels: readonly number[];
  /** Names of the grammar's symbols, such as `digits`. */
  readonly classes: readonly string[];
  /** Share of the vectors' variance that lies between the classes (all dimensions, not two). */
  readonly separation: number;
  /** What that is on average when the characters are dealt to the classes by lot, exactly. */
  readonly separationByChance: number;
  /** Share of characters whose nearest class mean, that character left out, is their own. */
  readonly nearestMean: number;
  /** What that is when the characters are dealt to the classes by lot: the mean of 200 deals. */
  readonly nearestMeanByChance: number;
}

const DEALS = 200;

/** Names under which architectures keep a vector for each character. */
const TABLES = ["embedding", "transformer.wte.weight", "table"];

/** The vector of each character of the alphabet and the index of its class; null for a model without. */
export async function characterVectors(
  model: NeuralModel,
  grammar: Grammar,
): Promise<{ rows: Float32Array[]; labels: number[] } | null> {
  const table = TABLES.map((name) => model.parameters.get(name)).find((found) => found);
  if (!table) return null;
  const values = await table.data<"float32">();
  const width = table.shape[1]!;
  const rows = grammar.alphabet.map((character) => {
    const [id] = model.vocabulary.encode(character);
    return values.slice(id! * width, (id! + 1) * width);
  });
  const labels = grammar.alphabet.map((character) =>
    grammar.symbols.indexOf(grammar.symbolOf(character)!)
  );
  return { rows, labels };
}

/** Looks into the table of character vectors; null for a model that has none. */
export async function analyseEmbeddings(
  model: NeuralModel,
  grammar: Grammar,
): Promise<EmbeddingAnalysis | null> {
  const vectors = await characterVectors(model, grammar);
  if (!vectors) return null;
  const { rows, labels } = vectors;
  const characters = grammar.alphabet;
  return {
    characters,
    labels,
    classes: grammar.symbols.map(({ many }) => many),
    ...projectToPlane(rows),
    separation: separation(rows, labels),
    separationByChance: (new Set(labels).size - 1) / (rows.length - 1),
    nearestMean: nearestMean(rows, labels),
    nearestMeanByChance: nearestMeanByChance(rows, labels),
  };
}

function nearestMeanByChance(
  rows: readonly ArrayLike<number>[],
  labels: readonly number[],
): number {
  const rng = createRandom(0, "deals");
  const deals = Array.from({ length: DEALS }, () => nearestMean(rows, rng.shuffle([...labels])));
  return deals.reduce((sum, share) => sum + share, 0) / DEALS;
}

function nearestMean(
  rows: readonly ArrayLike<number>[],
  labels: readonly number[],
): number {
  const sums = new Map<number, { sum: number[]; count: number }>();
  rows.forEach((row, i) => {
    const { sum, count } = sums.get(labels[i]!) ?? { sum: Array.from(row, () => 0), count: 0 };
    sums.set(labels[i]!, { sum: sum.map((value, d) => value + row[d]!), count: count + 1 });
  });
  const distanceTo = (i: number, label: number) => {
    const { sum, count } = sums.get(label)!;
    const own = label === labels[i] ? 1 : 0; // a character is no part of the mean it is held to
    if (count === own) return Infinity;
    return Array.from(rows[i]!).reduce((square, value, d) => {
      const mean = (sum[d]! - own * value) / (count - own);
      return square + (value - mean) ** 2;
    }, 0);
  };
  const right = labels.filter((label, i) => {
    const distances = [...sums.keys()].map((other) => [other, distanceTo(i, other)] as const);
    const nearest = distances.reduce((best, other) => other[1] < best[1] ? other : best);
    return nearest[0] === label;
  });
  return right.length / labels.length;
}
