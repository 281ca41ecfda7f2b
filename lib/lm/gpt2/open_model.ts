/** Opens a trained model wherever it lies: ours, or a GPT-2 folder. */
import { CheckpointError } from "../../safetensors/mod.ts";
import { loadModel } from "../checkpoint/mod.ts";
import type { CountModel } from "../models/count_ngram.ts";
import type { NeuralModel } from "../language_model.ts";
import { loadGpt2, type WeightFormat } from "./folder.ts";

/**
 * The model at a path: a GPT-2 folder, or what a run has saved as `path.safetensors` and `path.json`
 * (either name does, too).
 *
 * @param options how the matrices of a GPT-2 folder are to lie in memory, see `loadGpt2`
 * @throws CheckpointError when there is none, naming those that are near
 */
export function openModel(
  path: string,
  { weights = "f32" }: { weights?: WeightFormat } = {},
): NeuralModel | CountModel {
  const plain = path.replace(/(?<=[^/])\/+$/, "");
  const saved = plain.replace(/\.(safetensors|json)$/, "");
  if (exists(`${plain}/config.json`)) return loadGpt2(plain, { weights });
  if (exists(`${saved}.json`) && !isFolder(plain)) {
    if (weights === "f32") return loadModel(saved);
    throw new CheckpointError(`Expected a GPT-2 folder for weights of ${weights}, got ${path}`);
  }
  const near = [plain, `${plain}/models`].flatMap(modelsIn);
  const hint = near.length > 0 ? `; there are ${near.join(", ")}` : "";
  const found = isFolder(plain) ? "a folder without config.json" : "nothing";
  throw new CheckpointError(
    `Expected a GPT-2 folder or a saved model at ${path}, got ${found}${hint}`,
  );
}

function modelsIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name)
      .filter((name) => name.endsWith(".safetensors") && name !== "model.safetensors")
      .map((name) => `${folder}/${name.replace(".safetensors", "")}`).sort();
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return stat(path) !== undefined;
}

function isFolder(path: string): boolean {
  return stat(path)?.isDirectory ?? false;
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}
