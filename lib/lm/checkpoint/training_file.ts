/**
 * A training run on disk: one safetensors file, so that weights, optimizer and progress can never be
 * of different steps. It is replaced whole, whatever happens meanwhile.
 */
import { crc32 } from "node:zlib";
import { named, type PlainTensor, type TrainingState } from "../training/state.ts";
import {
  CheckpointError,
  isObject,
  openSafetensors,
  parseObject,
  requireTensors,
  type SafetensorsFile,
  shown,
  type TensorEntry,
  within,
  writeSafetensors,
} from "../../safetensors/mod.ts";

/** What a run is; one that is anything else cannot be gone on with. */
export type RunDescription = Readonly<Record<string, unknown>>;

/** What the file says in words. */
const DESCRIBED = ["run", "progress", "seconds"];

/** Writes where a training run stands. */
export async function writeTrainingState(
  path: string,
  { state, run }: { state: TrainingState; run: RunDescription },
): Promise<void> {
  const { tensors, progress, seconds } = state;
  const texts = [run, progress, seconds].map((value) => JSON.stringify(value));
  const metadata = new Map(DESCRIBED.map((name, i) => [name, texts[i]!]));
  metadata.set("checksum", checksum({ tensors, metadata }));
  await writeSafetensors(path, { tensors, metadata });
}

/**
 * Reads where a training run stood; undefined when there is no such file.
 *
 * @throws CheckpointError on a broken file, and on one of a run other than `run`
 */
export function readTrainingState(
  path: string,
  { run, parameters }: {
    run: RunDescription;
    /** The parameters that the state must fit. */
    parameters: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  },
): TrainingState | undefined {
  if (!exists(path)) return undefined;
  using file = openSafetensors(path);
  const progress = within(path, () => {
    requireSameRun(parseMetadata(file, "run"), run);
    requireWeights(file.tensors, parameters);
    return checkProgress(parseMetadata(file, "progress"));
  });
  const tensors = new Map(
    Array.from(file.tensors.keys(), (name) => [name, file.read(name) as PlainTensor]),
  );
  within(path, () => {
    const [said, is] = [
      file.metadata.get("checksum"),
      checksum({ tensors, metadata: file.metadata }),
    ];
    if (said !== is) throw new CheckpointError(`expected the checksum ${shown(said)}, got ${is}`);
  });
  return { progress, seconds: Number(file.metadata.get("seconds")), tensors };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function parseMetadata(file: SafetensorsFile, name: string): Record<string, unknown> {
  const text = file.metadata.get(name);
  if (text === undefined) throw new CheckpointError(`expected metadata ${name}, found none`);
  return parseObject(new TextEncoder().encode(text));
}

function requireSameRun(saved: RunDescription, run: RunDescription): void {
  for (const name of new Set([...Object.keys(run), ...Object.keys(saved)])) {
    const [was, is] = [JSON.stringify(saved[name]), JSON.stringify(run[name])];
    if (was === is) continue;
    throw new CheckpointError(`expected to resume a run with ${name} ${was}, got ${name} ${is}`);
  }
}

/** What optimizers remember of each parameter: AdamW's, gradient descent's with and without momentum. */
const MEMORIES = [["firstMoment", "secondMoment"], ["velocity"], []];

/** Weights to go on from, the best so far, and what the optimizer remembers: these and nothing else. */
function requireWeights(
  tensors: ReadonlyMap<string, TensorEntry>,
  parameters: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  const shapes = new Map(Array.from(parameters, ([name, { shape }]) => [name, shape]));
  const memory = MEMORIES.find(([kind]) =>
    [...tensors.keys()].some((name) => name.endsWith(`.${kind}`))
  );
  const remembered = [...shapes].flatMap(([name, shape]) =>
    (memory ?? []).map((kind) => [`optimizer/${name}.${kind}`, shape] as const)
  );
  requireTensors(
    tensors,
    new Map([...named("parameters", shapes), ...named("best", shapes), ...remembered]),
  );
  for (const [name, { type }] of tensors) {
    if (type !== "F32") throw new CheckpointError(`expected ${name} of F32, got ${type}`);
  }
}

/** The sum over all that a state is, which shows a flipped bit wherever it is. */
function checksum(
  { tensors, metadata }: {
    tensors: ReadonlyMap<string, PlainTensor>;
    metadata: ReadonlyMap<string, string>;
  },
): string {
  const texts = DESCRIBED.map((name) => metadata.get(name));
  const names = [...tensors.keys()].sort();
  let sum = crc32(JSON.stringify([texts, names.map((name) => [name, tensors.get(name)!.shape])]));
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.values;
    sum = crc32(new Uint8Array(buffer, byteOffset, byteLength), sum);
  }
  return sum.toString(16).padStart(8, "0");
}

function checkProgress(value: Record<string, unknown>): TrainingState["progress"] {
  const { epoch, step, underWay, best, history } = value;
  // JSON has no Infinity, the best loss before the first epoch is over
  if (isObject(best) && best.validLoss === null) best.validLoss = Infinity;
  const isRight = isCount(epoch) && isCount(step) &&
    isObject(underWay) && isCount(underWay.steps) && isNumber(underWay.lossSum) &&
    (underWay.waiting === undefined || isRows(underWay.waiting, isBatchLoss)) &&
    isObject(best) && isCount(best.epoch) && isNumber(best.validLoss) &&
    isObject(history) && isRows(history.steps, isStep) && isRows(history.epochs, isEpoch) &&
    underWay.steps <= step && best.epoch <= epoch && history.epochs.length === epoch;
  if (isRight) return value as unknown as TrainingState["progress"];
  throw new CheckpointError("expected the progress of a training run");
}

function isRows<Row>(
  value: unknown,
  isRow: (row: Record<string, unknown>) => boolean,
): value is Row[] {
  return Array.isArray(value) && value.every((row) => isObject(row) && isRow(row));
}

function isBatchLoss({ loss, tokens }: Record<string, unknown>): boolean {
  return isNumber(loss) && isCount(tokens);
}

function isStep({ step, loss }: Record<string, unknown>): boolean {
  return isCount(step) && isNumber(loss);
}

function isEpoch({ epoch, trainLoss, validLoss, sample }: Record<string, unknown>): boolean {
  return isCount(epoch) && isNumber(trainLoss) && isNumber(validLoss) &&
    (sample === undefined || typeof sample === "string");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
