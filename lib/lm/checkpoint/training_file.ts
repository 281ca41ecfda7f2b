/**
 * A training run on disk: one safetensors file, so that weights, optimizer and progress can never be
 * of different steps. It is replaced whole, whatever happens meanwhile.
 */
import { named, type PlainTensor, type TrainingState } from "../training/state.ts";
import {
  CheckpointError,
  isObject,
  openSafetensors,
  parseObject,
  requireTensors,
  type SafetensorsFile,
  type TensorEntry,
  within,
  writeSafetensors,
} from "../../safetensors/mod.ts";

/** What a run is; one that is anything else cannot be gone on with. */
export type RunDescription = Readonly<Record<string, unknown>>;

/** Writes where a training run stands. */
export async function writeTrainingState(
  path: string,
  { state, run }: { state: TrainingState; run: RunDescription },
): Promise<void> {
  const metadata = new Map([
    ["run", JSON.stringify(run)],
    ["progress", JSON.stringify(state.progress)],
    ["seconds", JSON.stringify(state.seconds)],
  ]);
  await writeSafetensors(path, { tensors: state.tensors, metadata });
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
  const tensors = Array.from(file.tensors.keys(), (name) => [name, file.read(name)] as const);
  const seconds = Number(file.metadata.get("seconds") ?? 0);
  return { progress, seconds, tensors: new Map(tensors as [string, PlainTensor][]) };
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

/** Weights to go on from and the best so far; the optimizer holds its own tensors to its own names. */
function requireWeights(
  tensors: ReadonlyMap<string, TensorEntry>,
  parameters: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  const shapes = new Map(Array.from(parameters, ([name, { shape }]) => [name, shape]));
  for (const group of ["parameters", "best"]) {
    const inside = [...tensors].filter(([name]) => name.startsWith(`${group}/`));
    requireTensors(new Map(inside), new Map(named(group, shapes)));
  }
  for (const [name, { type }] of tensors) {
    if (type !== "F32") throw new CheckpointError(`expected ${name} of F32, got ${type}`);
  }
}

function checkProgress(value: Record<string, unknown>): TrainingState["progress"] {
  const { epoch, step, underWay, best, history } = value;
  // JSON has no Infinity, the best loss before the first epoch is over
  if (isObject(best) && best.validLoss === null) best.validLoss = Infinity;
  if (
    isNumbers({ epoch, step }) && isNumbers(underWay) && isNumbers(best) &&
    isObject(history) && isRows(history.steps) && isRows(history.epochs)
  ) return value as unknown as TrainingState["progress"];
  throw new CheckpointError("expected the progress of a training run");
}

function isRows(value: unknown): boolean {
  return Array.isArray(value) && value.every(isNumbers);
}

function isNumbers(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((part) => typeof part === "number");
}
