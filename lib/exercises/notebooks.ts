/** Which notebook has which tasks. */
import type { Exercise } from "./exercise.ts";

interface ExerciseFile {
  exercises: Exercise[];
}

/** The files of tasks, loaded when asked for: some need tensors. */
export const exerciseFiles: Readonly<Record<string, () => Promise<ExerciseFile>>> = {
  "01_autograd": () => import("./01_autograd.ts"),
  "02_nn": () => import("./02_nn.ts"),
  "03_grammar": () => import("./03_grammar.ts"),
  "04_ngrams": () => import("./04_ngrams.ts"),
  "05_neural_ngram": () => import("./05_neural_ngram.ts"),
  "06_why_networks_train": () => import("./06_why_networks_train.ts"),
  "07_recurrent": () => import("./07_recurrent.ts"),
  "08_transformer": () => import("./08_transformer.ts"),
  "09_tokenizer": () => import("./09_tokenizer.ts"),
  "10_real_text": () => import("./10_real_text.ts"),
  "11_evaluation": () => import("./11_evaluation.ts"),
};

/** The task of that name, or what to say when there is none. */
export async function exerciseNamed(name: string): Promise<Exercise | string> {
  const names: string[] = [];
  for (const load of Object.values(exerciseFiles)) {
    const { exercises } = await load();
    const found = exercises.find((one) => one.name === name);
    if (found !== undefined) return found;
    for (const { name } of exercises) names.push(name);
  }
  return `Expected the name of a task, one of ${names.join(", ")}`;
}
