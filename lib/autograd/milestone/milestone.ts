/**
 * The milestone: a line recovered by gradient descent on our engine, and held against the truth,
 * against tfjs and against PyTorch. Command, notebook and tests call this one function.
 */
import { largestOf } from "../../extremes.ts";
import { type Progress, silentProgress } from "../../command/mod.ts";
import { UsageError } from "../../errors.ts";
import { createRandom } from "../../random.ts";
import { createProblem, descend, type Line, type Problem, type Step } from "./regression.ts";
import { recordedPytorch } from "./recorded_pytorch.ts";
import { descendTfjs } from "./regression_tfjs.ts";

/** What the milestone can be told. */
export interface AutogradSettings {
  /** The true slope. */
  a: number;
  /** The true height at x = 0. */
  b: number;
  /** Points on the line. */
  points: number;
  /** Steps of descent. */
  steps: number;
  /** A step is minus this times the gradient. */
  learningRate: number;
  /** The same seed gives the same points and the same start. */
  seed: number;
}

/** The settings that are recorded from PyTorch. */
export const autogradDefaults: AutogradSettings = {
  a: 2,
  b: -1,
  points: 50,
  steps: 100, // the error of the slope shrinks by about a third a step
  learningRate: 0.5, // the loss curves by 2 along b, so from about 1 on descent diverges
  seed: 0,
};

/** How far each comparison may be off. */
export const autogradTolerances: Comparison = {
  truth: 1e-6,
  tfjs: 1e-5, // it computes in float32
  pytorch: 1e-9, // the same arithmetic but for the order of sums
};

/** One number for each thing that we compare with. */
export interface Comparison {
  /** The line that the points are on, with the last step. */
  truth: number;
  /** tfjs, at the worst step. */
  tfjs: number;
  /** PyTorch, at the worst step; null where these settings are not recorded. */
  pytorch: number | null;
}

/** What the milestone found, plain JSON. */
export interface AutogradReport {
  /** What was asked for. */
  settings: AutogradSettings;
  /** The points. */
  data: Pick<Problem, "x" | "y">;
  /** The first guess. */
  start: Line;
  /** Our guesses before each step and after the last, and those of the others. */
  paths: { ours: Step[]; tfjs: Step[]; pytorch: Step[] | null };
  /** The largest difference in a or b, relative to their size, or absolute where that is below 1. */
  differences: Comparison;
  /** What the differences may be. */
  tolerances: Comparison;
  /** Whether no difference is larger. */
  passed: boolean;
}

/**
 * Recovers y = a·x + b from points on it.
 *
 * @throws {UsageError} when the descent diverges, naming the step and the loss
 */
export async function autogradMilestone(
  options: Partial<AutogradSettings> = {},
  progress: Progress = silentProgress,
): Promise<AutogradReport> {
  const settings = { ...autogradDefaults, ...options };
  const problem = createProblem({ a: settings.a, b: settings.b }, {
    points: settings.points,
    rng: createRandom(settings.seed, "points"),
    startRng: createRandom(settings.seed, "start"),
  });
  const ours = descendOurs(problem, { settings, progress });
  const tfjs = await descendTfjs(problem, settings);
  const pytorch = recordedPytorch(settings) ?? null;
  const differences = {
    truth: lineDifference(ours.at(-1)!, settings),
    tfjs: pathDifference(ours, tfjs),
    pytorch: pytorch && pathDifference(ours, pytorch),
  };
  return {
    settings,
    data: { x: problem.x, y: problem.y },
    start: problem.start,
    paths: { ours, tfjs, pytorch },
    differences,
    tolerances: autogradTolerances,
    passed: failures(differences).length === 0,
  };
}

/** The names of the comparisons that are off by more than they may be. */
export function failures(differences: Comparison): (keyof Comparison)[] {
  return (["truth", "tfjs", "pytorch"] as const).filter((name) =>
    !((differences[name] ?? 0) <= autogradTolerances[name]!)
  );
}

function descendOurs(
  problem: Problem,
  { settings, progress }: { settings: AutogradSettings; progress: Progress },
): Step[] {
  const path: Step[] = [];
  try {
    for (const step of descend(problem, settings.learningRate)) {
      path.push(step);
      refuseDivergence(path, settings);
      progress.update(path.length - 1, `loss ${step.loss.toPrecision(3)}`);
      if (path.length > settings.steps) break;
    }
  } finally {
    progress.stop(`loss ${path.at(-1)!.loss.toPrecision(3)}`);
  }
  return path;
}

/** A step too long overshoots, each time by more; there is no way back from a millionfold. */
function refuseDivergence(path: Step[], { a, b, learningRate }: AutogradSettings): void {
  const [first, { loss }] = [path[0]!.loss, path.at(-1)!];
  if (!Number.isFinite(first)) {
    throw new UsageError(`Expected errors whose squares are finite, got the line ${a}·x + ${b}`);
  }
  if (loss <= 1e6 * Math.max(1, first)) return;
  throw new UsageError(
    `Expected a loss that falls, got ${loss.toPrecision(3)} at step ${path.length - 1} ` +
      `after ${first.toPrecision(3)} at the start: the learning rate ${learningRate} is too high`,
  );
}

function pathDifference(ours: Step[], theirs: Step[]): number {
  return largestOf(ours.map((step, i) => lineDifference(step, theirs[i]!)));
}

function lineDifference(ours: Line, theirs: Line): number {
  const relative = (p: number, q: number) => Math.abs(p - q) / Math.max(1, Math.abs(q));
  return Math.max(relative(ours.a, theirs.a), relative(ours.b, theirs.b));
}
