import { assert } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import type { SimdBackend } from "../../../lib/tensor/simd/backend.ts";
import { isNeural } from "../../../lib/lm/language_model.ts";
import { createModel } from "../../../lib/lm/models/registry.ts";
import { openGrammarTask } from "../../../lib/lm/run/grammar_task.ts";
import { memoryOf } from "../../../lib/lm/run/memory.ts";
import { milestoneDefaults } from "../../../lib/lm/run/options.ts";
import { train } from "../../../lib/lm/training/train.ts";

// each takes more memory than the one before, of which the system gets nothing back
for (
  const [name, batch] of [["mlp-2", 3000], ["mlp-9", 8000]] as const
) {
  Deno.test(`the memory that is said to be enough for a step of ${batch} strings and ${name} is about what is taken`, async () => {
    await ready("simd");
    const options = { ...milestoneDefaults, scale: 8, batch, train: batch, valid: 10, test: 10 };
    const task = openGrammarTask(options);
    const [estimate] = memoryOf([name], { task, options });
    const rng = createRandom(0);
    const model = createModel(name, { ...task.ingredients, sizes: options, rng });
    assert(isNeural(model));
    await train(model, { batches: task.batches, seed: 0, epochs: 1, batchSize: batch });
    model.dispose();
    const taken = (tf.backend() as SimdBackend).heap.memory.buffer.byteLength;
    const ratio = estimate! / taken;
    assert(ratio > 1 && ratio < 1.5, `${estimate} said, ${taken} taken`);
  });
}
