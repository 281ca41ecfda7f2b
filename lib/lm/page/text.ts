/** A run on a text as one page: losses, curves, what was written, and what it cost. */
import {
  bars,
  chooser,
  type Figure,
  html,
  type HtmlFragment,
  htmlTable,
  page,
  type Section,
} from "../../plot/mod.ts";
import type { JudgedModel } from "../run/judge_model.ts";
import type { TextMilestone } from "../run/milestone.ts";
import { describeText, newShare } from "../run/report.ts";
import { lossCurves } from "./curves.ts";
import { drawnSection } from "./drawn.ts";
import { rounded } from "./format.ts";

type TextReport = TextMilestone["report"];

/** Texts of each model that are shown. */
const SHOWN = 20;

/** Draws everything that a run found out, as `report.html`. */
export async function buildTextPage(milestone: TextMilestone): Promise<string> {
  const { report } = milestone;
  return page({
    title: `Who learned ${report.text.file}?`,
    intro: `${describeText(report.text)}. Seed ${report.seed}, computed on ${report.backend}.`,
    sections: [
      await drawnSection("Who predicts it best?", () => verdict(report)),
      ...milestone.models.every(({ history }) => history === null)
        ? []
        : [await drawnSection("How they learned", () => learning(milestone))],
      await drawnSection("What they wrote", () => writing(milestone)),
    ],
  });
}

function verdict(report: TextReport): Section {
  return {
    title: "Who predicts it best?",
    text:
      "Bits a model needs for each character of text that it has not seen: the loss, whatever " +
      "a token is. What it wrote is new where the text does not hold it.",
    items: [verdictBars(report), verdictTable(report)],
  };
}

function verdictBars({ models }: TextReport): Figure {
  const measured = models.flatMap(({ name, bitsPerCharacter: bits }) =>
    typeof bits === "number" ? [{ name, bits }] : []
  );
  return bars({
    title: "Bits for each unseen character",
    y: "bits",
    categories: measured.map(({ name }) => name),
    series: [{ name: "bits", values: measured.map(({ bits }) => bits) }],
  });
}

function verdictTable({ models, text }: TextReport): HtmlFragment {
  return htmlTable({
    caption: text.kind === "lines"
      ? "new: different lines that are not among those learned from"
      : "new: different passages of 20 characters that the text does not hold",
    head: [
      ...["model", "weights", "context", "loss learned", "loss unseen", "bits/character"],
      ...["new", "training s", "tokens/s", "written tokens/s"],
    ],
    rows: models.map((model) => [
      model.name,
      model.parameters ?? "–",
      model.contextLength ?? "∞",
      model.trainLoss?.toFixed(4) ?? "∞",
      model.testLoss?.toFixed(4) ?? "∞",
      model.bitsPerCharacter?.toFixed(4) ?? "∞",
      newShare(model.generated),
      model.trainSeconds.toFixed(1),
      rounded(model.trainTokensPerSecond),
      rounded(model.generateTokensPerSecond),
    ]),
  });
}

function learning({ models, report }: TextMilestone): Section {
  const references = report.models.flatMap(({ name, validLoss }) =>
    name.startsWith("count-") && validLoss !== null ? [{ name, y: validLoss }] : []
  );
  const x = report.text.kind === "lines" ? "epoch" : "part of the training";
  return {
    title: "How they learned",
    text: "The dashed lines are what counting reaches.",
    items: lossCurves(models, { title: "Loss on unseen text", x, references }),
  };
}

function writing({ models }: TextMilestone): Section {
  const choices = models.map((judged) => ({ name: judged.model.name, items: textsOf(judged) }));
  return {
    title: "What they wrote",
    text: "After each part of the training, and when it was over.",
    items: [chooser({ label: "Model", choices })],
  };
}

function textsOf({ history, samples }: JudgedModel): HtmlFragment[] {
  const rows = (history?.epochs ?? []).flatMap(({ epoch, validLoss, sample }) =>
    sample === undefined ? [] : [[epoch, validLoss.toFixed(3), written(sample)]]
  );
  const attempts = rows.length === 0
    ? []
    : [htmlTable({ caption: "While learning", head: ["after", "loss", "text"], rows })];
  const texts = [...new Set(samples.map(({ text }) => text))].slice(0, SHOWN);
  return [...attempts, html`<ul>${texts.map((text) => html`<li>${written(text)}</li>`)}</ul>`];
}

function written(text: string): HtmlFragment {
  return html`<span style="white-space:pre-wrap">${text}</span>`;
}
