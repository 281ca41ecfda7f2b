/** One training in a worker: goes, pauses, takes a single step, and remembers every moment it was looked at. */
import { train, TrainingError } from "../../lm/training/train.ts";
import { assignTensors, type PlainTensor, readTensors } from "../../lm/training/state.ts";
import { type Prediction, predictorOf } from "../../lm/typing/predictor.ts";
import type { Lesson, Look, Report, StepLoss } from "../protocol.ts";
import { BATCH, openLesson } from "./lesson.ts";
import { takeLook } from "./look.ts";

/** What a page can do with a training. */
export interface Session {
  /** Trains until paused or done. */
  go(): void;
  /** Stops after the step under way. */
  pause(): void;
  /** Takes one step and looks. */
  step(): void;
  /** What the model as it was at a look expects along a text of the alphabet. */
  read(text: string, look: number): Promise<Prediction>;
}

/** How many steps pass between two losses that are told, as in `milestone:lm`. */
const STEPS_BETWEEN_READINGS = 20;

/** Prepares a training; looks at the model as it is before the first step. */
export async function startSession(
  lesson: Lesson,
  { tell }: { tell: (report: Report) => void },
): Promise<Session> {
  const open = openLesson(lesson);
  const { model, viewer, batches, opened } = open;
  const weights: Map<string, PlainTensor>[] = []; // of each look
  const clock = createClock();
  let before: Look | undefined;
  let mode: "paused" | "going" | "stepping" = "paused";
  let wake = () => {};
  let begun = false;

  async function look(step: number): Promise<void> {
    const moment = { number: weights.length, step, seconds: clock.seconds(), before };
    weights.push(await readTensors(model.parameters));
    before = await takeLook(model, { open, moment });
    tell({ kind: "look", look: before });
  }

  async function onProgress({ step, loss }: StepLoss): Promise<void> {
    clock.stop();
    tell({ kind: "losses", losses: [{ step, loss }] });
    if (mode !== "going" || isDue(step, { last: before?.step ?? 0, steps: opened.steps })) {
      await look(step);
    }
    if (mode === "stepping") mode = "paused";
    await nextTask(); // lets messages arrive
    if (mode === "paused") {
      if (before?.step !== step) await look(step);
      tell({ kind: "paused", step });
    }
    while (mode === "paused") await new Promise<void>((resolve) => wake = resolve);
    clock.start();
  }

  async function learn(): Promise<void> {
    const { seed, epochs, model: { learningRate } } = lesson;
    try {
      clock.start();
      await train(model, {
        ...{ batches, seed, epochs, learningRate, batchSize: BATCH, onProgress },
        stepsBetweenReadings: () => mode === "stepping" ? 1 : STEPS_BETWEEN_READINGS,
      });
      clock.stop();
      await look(opened.steps); // with the weights of the best epoch
      tell({ kind: "done", step: opened.steps });
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      tell({ kind: "failed", problem: error.message });
    }
  }

  function enter(next: typeof mode): Promise<void> {
    mode = next;
    wake();
    if (begun || mode === "paused") return Promise.resolve();
    begun = true;
    return learn();
  }

  const predict = predictorOf(viewer, { alphabet: open.grammar.alphabet });
  let lastRead: Promise<unknown> = Promise.resolve();
  /** subtle: one after the other, for all of them share the viewer's weights. */
  function read(text: string, look: number): Promise<Prediction> {
    const prediction = lastRead.then(() => {
      assignTensors(viewer.parameters, weights[look] ?? weights.at(-1)!);
      return predict(text);
    });
    lastRead = prediction.catch(() => {});
    return prediction;
  }

  const fail = (error: unknown) => tell({ kind: "failed", problem: String(error) });
  tell({ kind: "opened", opened });
  await look(0);
  return {
    go: () => void enter("going").catch(fail),
    pause: () => void enter("paused").catch(fail),
    step: () => void enter("stepping").catch(fail),
    read,
  };
}

/**
 * Whether it is time to look again: at every reading in the beginning, when all is new, later after an
 * eighth of the steps so far, and at least forty times in all. It depends on the step alone, so that the
 * same seed shows the same moments.
 */
export function isDue(step: number, { last, steps }: { last: number; steps: number }): boolean {
  return step >= Math.min(last * 9 / 8, last + steps / 40) && step < steps;
}

/** Measures how long training took, without looking and waiting. */
function createClock() {
  let total = 0;
  let since: number | undefined;
  return {
    start: () => since = performance.now(),
    stop: () => {
      if (since !== undefined) total += performance.now() - since;
      since = undefined;
    },
    seconds: () => total / 1000,
  };
}

/** Resolves when other messages have had their turn; subtle: timers would wait four milliseconds. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
