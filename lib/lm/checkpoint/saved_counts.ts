/**
 * Count models on disk: for each table the n-grams that were seen, `count-N/grams` [D, N], and how
 * often each was, `count-N/counts` [D].
 */
import { type CountModel, countModelFrom, createTables } from "../models/count_ngram.ts";
import type { NgramCounts } from "../models/ngram_counts.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import {
  CheckpointError,
  type SafetensorsFile,
  shown,
  type StoredTensor,
} from "../../safetensors/core.ts";

/** The tensors of a model's tables. */
export function countTensors({ tables }: CountModel): Map<string, StoredTensor> {
  return new Map(tables.flatMap((table) => {
    const size = table.distinct();
    const grams = new Int32Array(size * table.order); // [D, N]
    const counts = new Int32Array(size); // [D]
    let row = 0;
    table.forEach((gram, count) => {
      grams.set(gram, row * table.order);
      counts[row++] = count;
    });
    return [
      [gramsOf(table), { shape: [size, table.order], values: grams }],
      [countsOf(table), { shape: [size], values: counts }],
    ] as [string, StoredTensor][];
  }));
}

/** The model of a file with such tensors; throws a CheckpointError where they make none. */
export function loadCounts(
  file: SafetensorsFile,
  { config, vocabulary }: { config: Readonly<Record<string, unknown>>; vocabulary: Vocabulary },
): CountModel {
  const checked = checkConfig(config);
  const tables = createTables(checked, vocabulary);
  for (const table of tables) {
    const [grams, counts] = [
      readIntegers(file, gramsOf(table)),
      readIntegers(file, countsOf(table)),
    ];
    const wanted = counts.length * table.order;
    if (grams.length !== wanted) {
      throw new CheckpointError(`expected ${wanted} tokens of n-grams, got ${grams.length}`);
    }
    const strange = grams.find((token) => token < 0 || token >= vocabulary.size);
    if (strange !== undefined) {
      throw new CheckpointError(`expected tokens below ${vocabulary.size}, got ${strange}`);
    }
    counts.forEach((times, row) =>
      table.addGram(grams.subarray(row * table.order, (row + 1) * table.order), times)
    );
  }
  return countModelFrom(tables, { config: checked, vocabulary });
}

function gramsOf({ order }: NgramCounts): string {
  return `count-${order}/grams`;
}

function countsOf({ order }: NgramCounts): string {
  return `count-${order}/counts`;
}

/** Orders beyond this would only remember whole strings. */
const LARGEST_ORDER = 999;

function checkConfig(
  { order, alpha, backOff }: Readonly<Record<string, unknown>>,
): CountModel["config"] {
  if (!Number.isInteger(order) || Number(order) < 1 || Number(order) > LARGEST_ORDER) {
    throw new CheckpointError(
      `expected a whole number from 1 to ${LARGEST_ORDER} as order, got ${shown(order)}`,
    );
  }
  if (typeof alpha !== "number" || !(alpha >= 0) || typeof backOff !== "boolean") {
    throw new CheckpointError("expected alpha of at least 0 and backOff true or false");
  }
  return { order: Number(order), alpha, backOff };
}

function readIntegers(file: SafetensorsFile, name: string): Int32Array {
  const { values } = file.read(name);
  if (values instanceof Int32Array && values.every((value) => value >= 0)) return values;
  throw new CheckpointError(`expected ${name} of I32, of at least 0`);
}
