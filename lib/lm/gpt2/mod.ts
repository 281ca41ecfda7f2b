/** GPT-2 checkpoints that other tools read and write. */
export { loadGpt2, saveGpt2, type WeightFormat } from "./folder.ts";
export { openModel } from "./open_model.ts";
