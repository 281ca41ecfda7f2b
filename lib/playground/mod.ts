/**
 * A page on which this project's models train before your eyes, on the very `lib` and kernels that Deno
 * runs: one file, a worker a model, nothing asked of anybody.
 */
export { buildPlayground } from "./build.ts";
export { type Experiment, experiments } from "./experiments.ts";
export { servePage } from "./serve.ts";
export {
  type ArchitectureName,
  fromHash,
  type ModelSettings,
  type Settings,
  toHash,
} from "./settings.ts";
