/** How losses fell while models learned. */
import { type Figure, lines } from "../../plot/mod.ts";
import type { JudgedModel } from "../run/judge_model.ts";

/** A dashed line to measure the curves by. */
interface Reference {
  name: string;
  y: number;
}

/** The loss after each pass on what was kept aside, and the training loss step by step. */
export function lossCurves(
  models: readonly JudgedModel[],
  { title, x, references }: { title: string; x: string; references: readonly Reference[] },
): Figure[] {
  const learned = models.flatMap(({ model, history }) =>
    history ? [{ name: model.name, history }] : []
  );
  return [
    lines({
      ...{ title, x, y: "nats a token", references: [...references] },
      series: learned.map(({ name, history: { epochs } }) => ({
        name,
        x: epochs.map(({ epoch }) => epoch),
        y: epochs.map(({ validLoss }) => validLoss),
      })),
    }),
    lines({
      ...{ title: "Training loss, step by step", x: "step", y: "nats a token" },
      references: [...references],
      series: learned.map(({ name, history: { steps } }) => ({
        name,
        x: steps.map(({ step }) => step),
        y: steps.map(({ loss }) => loss),
      })),
    }),
  ];
}
