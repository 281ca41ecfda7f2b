/** What a model's character vectors have to say: do characters of one class lie together? */
import type { Grammar } from "../../grammar/mod.ts";
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
  /** Share of characters whose nearest class mean, that character left out, is their own. */
  readonly nearestMean: number;
}

/** Names under which architectures keep a vector for each character. */
const TABLES = ["embedding", "transformer.wte.weight", "table"];

/** Looks into the table of character vectors; null for a model that has none. */
export async function analyseEmbeddings(
  model: NeuralModel,
  grammar: Grammar,
): Promise<EmbeddingAnalysis | null> {
  const table = TABLES.map((name) => model.parameters.get(name)).find((found) => found);
  if (!table) return null;
  const values = await table.data();
  const width = table.shape[1]!;
  const characters = grammar.alphabet;
  const rows = characters.map((character) => {
    const [id] = model.vocabulary.encode(character);
    return values.slice(id! * width, (id! + 1) * width);
  });
  const labels = characters.map((character) =>
    grammar.symbols.indexOf(grammar.symbolOf(character)!)
  );
  return {
    characters,
    labels,
    classes: grammar.symbols.map(({ many }) => many),
    ...projectToPlane(rows),
    separation: separation(rows, labels),
    nearestMean: nearestMean(rows, labels),
  };
}

function nearestMean(
  rows: readonly ArrayLike<number>[],
  labels: readonly number[],
): number {
  const classes = [...new Set(labels)];
  const distanceTo = (i: number, label: number) => {
    const others = rows.filter((_, j) => j !== i && labels[j] === label);
    if (others.length === 0) return Infinity;
    return Array.from(rows[i]!).reduce((sum, value, dimension) => {
      const mean = others.reduce((all, row) => all + row[dimension]!, 0) / others.length;
      return sum + (value - mean) ** 2;
    }, 0);
  };
  const right = labels.filter((label, i) => {
    const nearest = classes.reduce((best, other) =>
      distanceTo(i, other) < distanceTo(i, best) ? other : best
    );
    return nearest === label;
  });
  return right.length / labels.length;
}
