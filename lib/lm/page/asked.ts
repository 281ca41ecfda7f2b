/** Large language models: how they were asked, what they said in their own words, and how they learn from examples. */
import {
  type Figure,
  html,
  type HtmlFragment,
  htmlTable,
  lines,
  type Section,
} from "../../plot/mod.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import { type AskedReport, lengths } from "../run/asked_report.ts";
import type { ModelReport } from "../run/report.ts";
import { fact } from "./format.ts";

/** A row of the report that is a large language model. */
type AskedModel = ModelReport & { readonly asked: AskedReport };

/** Whether a row of the report is a large language model. */
export function isAsked(model: ModelReport): model is AskedModel {
  return model.asked !== undefined;
}

/** The section about the large language models that were asked. */
export function askedSection(milestone: GrammarMilestone): Section {
  const asked = milestone.report.models.filter(isAsked);
  return {
    title: "Large language models",
    text:
      "Each was shown strings of the language and nothing else. Strings that it copied earn nothing, " +
      "and short ones are often right by luck. How far its predictions are from the truth after so " +
      "many examples says more: the ideal learner knows the families of grammars and finds out which " +
      "one it is; the count models are trained on the same few strings.",
    items: [
      askedTable(asked),
      lengthTable(asked),
      ...inContextFigure(asked, milestone),
      ...asked.flatMap(({ name, asked: { scoring } }) =>
        scoring.problem === null ? [] : [fact(`${name} was not scored: ${scoring.problem}`)]
      ),
      ...asked.flatMap(excerptsOf),
    ],
  };
}

function askedTable(models: readonly AskedModel[]): HtmlFragment {
  return htmlTable({
    caption:
      "What came of asking. Lines that are code, prose or the numbers of a list are no strings.",
    head: [
      ...["model", "as served", "asked by", "examples", "truncated", "strings", "no strings"],
      ...["copied", "new", "mean length", "true mean length"],
    ],
    rows: models.map(({ name, asked, generated }) => [
      ...[name, asked.served ?? "–", asked.mode ?? "–", asked.examples],
      asked.sampling.topK === null ? "perhaps" : "no",
      asked.parsed,
      Object.entries(asked.rejected).map(([why, count]) => `${count} ${why}`).join(", ") || "0",
      ...[asked.copied, generated.new, asked.meanLength ?? "–", asked.trueMeanLength],
    ]),
  });
}

function lengthTable(models: readonly AskedModel[]): HtmlFragment {
  return htmlTable({
    caption: "New strings that follow the rule, by their length",
    head: ["model", "length", "new", "right", "in per cent"],
    rows: models.flatMap(({ name, asked: { byLength } }) =>
      byLength.map((group) => [
        ...[name, lengths(group), group.new, group.valid],
        100 * group.valid / group.new,
      ])
    ),
  });
}

/** Excess loss against examples, of all that were scored and of those to compare them with. */
function inContextFigure(
  models: readonly AskedModel[],
  { report: { inContext = [], grammar } }: GrammarMilestone,
): Figure[] {
  const scored = models.filter(({ asked: { curve } }) => curve.length > 0);
  if (scored.length === 0) return [];
  const curves = [
    ...scored.map(({ name, asked: { curve } }) => ({ name, points: curve, markers: true })),
    ...inContext.map(({ name, points }) => ({ name, points, markers: false })),
  ];
  return [lines({
    title: "What examples teach: excess loss against strings shown",
    x: "1 + strings shown",
    y: "excess loss, nats a token",
    logX: true,
    series: curves.map(({ name, points, markers }) => ({
      ...{ name, markers },
      x: points.map(({ examples }) => 1 + examples),
      y: points.map(({ excessLoss }) => excessLoss),
      ...(markers
        ? {
          low: points.map(({ excessLoss, excessError }) => excessLoss - 2 * excessError),
          high: points.map(({ excessLoss, excessError }) => excessLoss + 2 * excessError),
        }
        : {}),
    })),
    references: grammar.idealLoss.slice(0, -1).map((loss, i) => ({
      name: `ideal ${i + 1}-gram`,
      y: loss - grammar.entropyFloor,
    })),
  })];
}

/** Its own words, as they came. */
function excerptsOf({ name, asked: { excerpts } }: AskedModel): HtmlFragment[] {
  return excerpts.length === 0 ? [] : [html`
    <p>In its own words, ${name}:</p>
    ${excerpts.map((excerpt) => html`<pre style="max-height:12em;overflow:auto">${excerpt}</pre>`)}
  `];
}
