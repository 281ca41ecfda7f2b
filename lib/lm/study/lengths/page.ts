/** A study of lengths as a page: who learned the rule, and who what holds for short strings. */
import {
  type Figure,
  heatMap,
  type HtmlFragment,
  htmlTable,
  lines,
  page,
  type Section,
} from "../../../plot/mod.ts";
import {
  type LengthsModelSummary,
  type LengthsSummary,
  meanExcess,
  timesAsMuch,
} from "./summary.ts";

/** Draws a study of lengths as one self-contained HTML page. */
export function buildLengthsPage(grammars: readonly LengthsSummary[]): string {
  return page({
    title: "Who learned the rule, and who a shortcut?",
    intro:
      "Models that have seen the beginnings of strings, at most a few characters of each, and are judged " +
      "at every place of strings ten times as long, where the rule is the same. The excess loss at a place " +
      "is the mean KL divergence from the truth over the grammar's strings of at least the greatest length. " +
      "Who has learned the rule pays as little far out as near; who has learned what holds at the places " +
      "seen does not.",
    sections: grammars.map(grammarSection),
  });
}

function grammarSection(summary: LengthsSummary): Section {
  const { family, n, longest, train, models } = summary;
  return {
    title: `${family} ${n}`,
    text:
      `Learned from the first ${longest} characters of ${train.toLocaleString("en")} strings, ` +
      `${models[0]?.seeds} seeds.`,
    items: [excessMap(summary), excessLines(summary), excessTable(summary)],
  };
}

/** The excess of every model at every place, as powers of ten. */
export function excessMap({ family, n, longest, models }: LengthsSummary): Figure {
  const map = heatMap({
    title: `${family} ${n}: excess loss by place, in powers of ten (the line: what was seen)`,
    x: "characters read",
    columns: models[0]!.excess.mean.map((_, t) => t),
    rows: models.map(({ role }) => role),
    z: models.map(({ excess }) => excess.mean.map((value) => Math.log10(Math.max(value, 1e-5)))),
    zmin: -4,
    zmax: 0,
    colourTitle: "log₁₀",
    height: 140 + 26 * models.length,
  });
  map.layout.shapes = [{
    ...{ type: "line", x0: longest + 0.5, x1: longest + 0.5, y0: 0, y1: 1, yref: "paper" },
    line: { color: "#ffffff", width: 2, dash: "dot" },
  }];
  return map;
}

/** The same as curves, with the deviation over seeds. */
export function excessLines({ family, n, idealExcess, models }: LengthsSummary): Figure {
  return lines({
    title: `${family} ${n}: excess loss by place, mean and deviation over seeds`,
    x: "characters read",
    y: "nats",
    logY: true,
    series: models.map(({ role, excess: { mean, deviation } }) => ({
      name: role,
      y: mean,
      low: mean.map((value, t) => Math.max(value - deviation[t]!, value / 10)), // log axis
      high: mean.map((value, t) => value + deviation[t]!),
    })),
    references: idealExcess.map((y, i) => ({ name: `ideal ${i + 1}-gram, on average`, y })),
  });
}

function excessTable({ longest, models }: LengthsSummary): HtmlFragment {
  const places = models[0]!.excess.mean.length;
  const parts: [number, number][] = [[0, longest + 1], [longest + 1, 2 * longest + 1], [
    2 * longest + 1,
    places,
  ]];
  return htmlTable({
    caption:
      "Mean excess loss over places, and of the same models without what they learned. A place is " +
      "exact where all beginnings were looked at, or where the context is finite; elsewhere strings were " +
      "drawn, with the greatest standard error of a place relative to its mean.",
    head: [
      ...["model", "weights", ...parts.map(([from, to]) => `at ${from}–${to - 1}`)],
      ...["times as much", "untrained", "shuffled", "exact places", "error elsewhere"],
    ],
    rows: models.map((model) => {
      const means = parts.map((part) => meanExcess(model, part));
      return [
        ...[model.role, model.parameters, ...means.map((mean) => mean.toFixed(4))],
        timesAsMuch(means[2]!, means[0]!),
        ...[model.untrained, model.shuffled].map((spread) => spread?.mean.toFixed(2) ?? "–"),
        ...exactness(model, places),
      ];
    }),
  });
}

function exactness(
  { exact, relativeError }: LengthsModelSummary,
  places: number,
): [string, string] {
  return exact === places
    ? ["all", "–"]
    : [`0–${exact - 1}`, `${(100 * relativeError).toPrecision(2)} %`];
}
