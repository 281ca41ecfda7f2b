/** A worker of `deno task milestone:lm`: trains one model after the other. */
import { packItem } from "../../plot/mod.ts";
import { ready } from "../../tensor/mod.ts";
import { serveWork } from "../../workers.ts";
import { drawInside } from "../page/mod.ts";
import { type GrammarTask, openGrammarTask } from "../run/grammar_task.ts";
import { evaluateModel } from "../run/judge_model.ts";
import { learn } from "../run/learn.ts";
import { openTextTask, type TextTask } from "../run/text_task.ts";
import type { CommandLine } from "./flags.ts";
import type { ModelNews, ModelPiece, ModelResult } from "./jobs.ts";
import { keepModels } from "./keep.ts";

let opened: Promise<GrammarTask | TextTask> | undefined; // all pieces of a worker are of one run

serveWork<ModelPiece, ModelResult, ModelNews>(async ({ name, line }, { tell, stopRequested }) => {
  const { options } = line;
  await ready({ backend: options.backend, threads: options.threads });
  const task = await (opened ??= open(line));
  const folder = keepModels(task, line);
  const learned = await learn(name, {
    task,
    options,
    hooks: {
      ...folder,
      watchInterrupts: () => ({ requested: stopRequested, [Symbol.dispose]: () => {} }),
      startProgress: (name, total) => {
        tell({ name, total, kind: "start" });
        return {
          update: (done, note) => tell({ name, kind: "update", done, note }),
          stop: (note, finished) => tell({ name, kind: "stop", note, finished }),
        };
      },
    },
  });
  const { model, history, samples, report } = await evaluateModel(learned, { task, options });
  await folder.onModel({ model });
  const { seed } = options;
  const inside = task.kind === "grammar" ? await drawInside(learned, { task, seed }) : [];
  model.dispose();
  return { history, samples, report, kind: model.kind, inside: inside.map(packItem) };
});

async function open({ options }: CommandLine): Promise<GrammarTask | TextTask> {
  return options.text === undefined ? openGrammarTask(options) : await openTextTask(options);
}
