/**
 * Learns as `deno task milestone:lm --resume` does, small: the process that resume_test.ts kills.
 *
 * It prints a dot whenever a state is being written and says "done" at the end, so that the test can
 * choose its moment. Usage: deno run train_until_killed.ts FOLDER
 */
import { openRunFolder, prepareRunFolder } from "../../../lib/lm/checkpoint/mod.ts";
import { openGrammarTask } from "../../../lib/lm/run/grammar_task.ts";
import { learn } from "../../../lib/lm/run/learn.ts";
import { milestoneDefaults } from "../../../lib/lm/run/options.ts";
import { ready } from "../../../lib/tensor/mod.ts";

const [folder] = Deno.args as [string];
const options = { ...milestoneDefaults, train: 32, valid: 8, epochs: 10, batch: 16 };
await ready("simd");
const task = openGrammarTask(options);
await prepareRunFolder(folder, { resume: true });
const kept = openRunFolder(folder, { run: { seed: options.seed }, resume: true });
for (const name of ["rnn", "transformer"]) {
  const hooks = {
    resume: kept.resume,
    onCheckpoint: async (...state: Parameters<typeof kept.onCheckpoint>) => {
      const written = kept.onCheckpoint(...state);
      await Deno.stdout.write(new TextEncoder().encode("."));
      await written;
    },
  };
  const learned = await learn(name, { task, options, hooks });
  await kept.onModel(learned);
}
await Deno.stdout.write(new TextEncoder().encode("done"));
