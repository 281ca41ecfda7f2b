/** Where a run of `deno task milestone:lm` keeps its models. */
import { openRunFolder, type RunFolder } from "../checkpoint/mod.ts";
import { saveGpt2 } from "../gpt2/mod.ts";
import { isNeural } from "../language_model.ts";
import { decidingOptions } from "../run/options.ts";
import type { Task } from "../run/task.ts";
import type { CommandLine } from "./flags.ts";

/** What a run stores and finds in its folder; a Transformer also as a GPT-2 folder, for other tools. */
export function keepModels(task: Task, { options, out, resume }: CommandLine): RunFolder {
  const run = { ...decidingOptions(options), ...task.identity };
  const otherwise = "without --resume the run begins anew";
  const folder = openRunFolder(out, { run, resume, otherwise });
  return {
    ...folder,
    onModel: async (done) => {
      await folder.onModel(done);
      const { model } = done;
      if (isNeural(model) && model.architecture === "transformer") {
        await saveGpt2(`${out}/models/${model.name}`, model);
      }
    },
  };
}
