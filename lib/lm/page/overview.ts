/** The figures that compare all models of a run: who understood the rule, and how it was learned. */
import {
  bars,
  type Figure,
  type HtmlFragment,
  htmlTable,
  scatter,
  type Section,
} from "../../plot/mod.ts";
import { isTooFew } from "../run/asked_report.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { formatInterval, type ModelReport, percent, type Report } from "../run/report.ts";
import { onceIn, tooRareBy } from "../judging/mistake.ts";
import { lossCurves } from "./curves.ts";
import { fact, rounded } from "./format.ts";

/** The verdict: the table of the terminal with what it had no room for, and the accuracies drawn. */
export function verdictSection({ report }: GrammarMilestone): Section {
  return {
    title: "Who understood the rule?",
    text: "Every model wrote strings; those that are new are checked by the grammar. " +
      "The whiskers are 95 % intervals (Wilson). The dashed lines are what an n-gram model reaches " +
      "that knows the language perfectly and sees no further than its n characters.",
    items: [
      accuracyBars(report),
      verdictTable(report),
      mistakesTable(report),
      neglectedTable(report),
      ...problems(report),
    ],
  };
}

function accuracyBars({ models, grammar }: GrammarMilestone["report"]): Figure {
  const judged = models.filter((model) => model.generated.accuracy !== null && !isTooFew(model));
  return bars({
    title: "New strings that follow the rule, in per cent",
    y: "%",
    categories: judged.map(({ name }) => name),
    series: [{
      name: "of the new strings that it wrote",
      values: judged.map(({ generated }) => 100 * generated.accuracy!),
      low: judged.map(({ generated }) => 100 * generated.ci95![0]),
      high: judged.map(({ generated }) => 100 * generated.ci95![1]),
    }, {
      name: "of all that it could write, computed",
      values: judged.map((model) => 100 * (computed(model)?.share ?? NaN)),
      low: judged.map((model) => 100 * (computed(model)?.low ?? NaN)),
      high: judged.map((model) => 100 * (computed(model)?.high ?? NaN)),
    }],
    references: grammar.idealMembership.map((share, i) => ({
      name: `ideal ${i + 1}-gram`,
      y: 100 * share,
    })),
  });
}

function verdictTable({ models }: Report): HtmlFragment {
  return htmlTable({
    caption:
      "∞: a text that the model deemed impossible. Excess: mean KL divergence from the truth, exact " +
      "where the context is finite. Accuracy: of new strings that were written, with its interval; of all: of " +
      "all that could be written, exact or estimated with two standard errors, and between what it is proved " +
      "to lie.",
    head: [
      ...["model", "weights", "context length", "loss", "excess loss", "order", "accuracy", "95 %"],
      ...[
        "of all",
        "proved",
        "new",
        "unique",
        "of",
        "unfinished",
        "training s",
        "tokens/s",
        "written tokens/s",
      ],
    ],
    rows: models.map((model) => [
      model.name,
      ...predictionCells(model),
      accuracyCell(model),
      formatInterval(model.generated.ci95, "\u2060–\u2060"),
      ...computedCells(model),
      ...[model.generated.new, model.generated.unique],
      ...[model.generated.total, model.generated.unfinished],
      model.trainSeconds.toFixed(1),
      rounded(model.trainTokensPerSecond),
      rounded(model.generateTokensPerSecond),
    ]),
  });
}

/** Weights, context and losses: of what comes from elsewhere only what was measured is known. */
function predictionCells(model: ModelReport): (string | number)[] {
  const { parameters, contextLength, testLoss, excessLoss, measuredOrder } = model;
  const unknown = parameters === null ? "–" : "∞";
  return [
    parameters ?? "–",
    contextLength ?? unknown,
    testLoss?.toFixed(4) ?? unknown,
    excessLoss?.toFixed(4) ?? unknown,
    measuredOrder ?? "–",
  ];
}

function accuracyCell(model: ModelReport): string {
  const { accuracy } = model.generated;
  if (accuracy === null) return "–";
  return isTooFew(model) ? "too few to say" : percent(accuracy);
}

/** The share of right ones among all strings that a model could write, within two standard errors. */
function computed(
  { exactAccuracy: exact, estimatedAccuracy: estimate }: ModelReport,
): { share: number; low: number; high: number } | null {
  if (typeof exact === "number") return { share: exact, low: exact, high: exact };
  if (!estimate) return null;
  const { accuracy: share, error } = estimate;
  return { share, low: Math.max(0, share - 2 * error), high: Math.min(1, share + 2 * error) };
}

function computedCells(model: ModelReport): [string, string] {
  const { exactAccuracy: exact, estimatedAccuracy: estimate, accuracyBounds: bounds } = model;
  if (typeof exact === "number") return [percent(exact), "exact"];
  const proved = bounds ? formatInterval([bounds.lower, bounds.upper], "\u2060–\u2060") : "–";
  if (!estimate) return ["–", proved];
  const { accuracy, error } = estimate;
  const share = `${(100 * accuracy).toFixed(2)}\u00a0±\u00a0${(200 * error).toFixed(2)}\u00a0%`;
  return [share, proved];
}

/** The most probable string of each model that breaks the rule. */
function mistakesTable({ models }: Report): HtmlFragment {
  const mistaken = models.flatMap(({ name, likeliestMistake: mistake }) =>
    mistake ? [{ name, mistake }] : []
  );
  return htmlTable({
    caption:
      "The likeliest mistake of each model: of all strings that break the rule, the one that " +
      "it writes most often, found by searching and not by chance.",
    head: ["model", "string", "once in", "at", "why it is wrong"],
    rows: mistaken.map(({ name, mistake }) => [
      name,
      mistake.text === "" ? "(empty)" : mistake.text,
      mistake.proved ? onceIn(mistake) : `${onceIn(mistake)} (none likelier found)`,
      mistake.position,
      mistake.reason,
    ]),
  });
}

/** The frequent string that each model writes most too rarely. */
function neglectedTable({ models }: Report): HtmlFragment {
  const neglecting = models.flatMap(({ name, mostNeglected: neglected }) =>
    neglected ? [{ name, neglected }] : []
  );
  return htmlTable({
    caption:
      "The most neglected string of each model: of the thousand that the grammar writes most " +
      "often, the one that it writes most too rarely.",
    head: ["model", "string", "truly once in", "written once in", "too rare by"],
    rows: neglecting.map(({ name, neglected }) => [
      name,
      neglected.text,
      onceIn({ probability: neglected.truth }),
      onceIn(neglected),
      tooRareBy(neglected),
    ]),
  });
}

/** What went wrong with models that were asked. */
function problems({ models }: Report): HtmlFragment[] {
  return models.flatMap(({ name, problem }) => problem ? [fact(`${name}: ${problem}`)] : []);
}

/** How the loss fell, against what no model can beat and what each length of context allows. */
export function learningSection({ report, models, task }: GrammarMilestone): Section {
  const { entropyFloor, idealLoss } = report.grammar;
  const alphabet = task.grammar.alphabet.length;
  const references = [
    { name: "uniform guess", y: Math.log(alphabet + 1) },
    ...idealLoss.map((y, i) => ({ name: `ideal ${i + 1}-gram`, y })),
    { name: "entropy floor", y: entropyFloor },
  ];
  return {
    title: "How they learned",
    text:
      "The loss on strings that were kept aside, after each pass through the training strings. " +
      "Whoever falls below the line of the ideal k-gram provably uses more than k characters.",
    items: lossCurves(models, { title: "Validation loss", x: "epoch", references }),
  };
}

/** What it cost: weights and time against what is left to learn. */
export function costSection({ report }: GrammarMilestone): Section {
  const shown = report.models.filter(({ excessLoss, parameters }) =>
    excessLoss !== null && excessLoss > 0 && parameters
  );
  const points = (x: (model: ModelReport) => number) =>
    shown.filter((model) => x(model) > 0).map((model) => ({
      name: model.name,
      x: [x(model)],
      y: [model.excessLoss!],
      text: [model.name],
    }));
  return {
    title: "What it cost",
    text: "Further down is nearer to the truth, further left is cheaper.",
    items: [
      scatter({
        title: "Weights against excess loss",
        x: "weights",
        y: "excess loss, nats a token",
        logX: true,
        logY: true,
        labels: true,
        series: points(({ parameters }) => parameters!),
      }),
      scatter({
        title: "Training time against excess loss",
        x: "seconds",
        y: "excess loss, nats a token",
        logX: true,
        logY: true,
        labels: true,
        volatile: true,
        series: points(({ trainSeconds }) => trainSeconds),
      }),
    ],
  };
}

/** What a run was made of, in a sentence. */
export function runText({ report, task: { grammar } }: GrammarMilestone): string {
  const { corpus, seed, backend } = report;
  const count = (value: number) => value.toLocaleString("en");
  return `Language ${grammar.family} with N = ${grammar.n}: ${grammar.description}. ` +
    `${count(corpus.train)} training strings (${count(corpus.tokens)} tokens) to learn, ` +
    `${count(corpus.valid)} validation strings to choose the weights, ${count(corpus.test)} test ` +
    `strings to judge, seed ${seed}, computed on ${backend}.`;
}
