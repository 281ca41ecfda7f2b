/** A run on a text as one page: losses, curves, what was written, and what it cost. */
import {
  bars,
  chooser,
  type Figure,
  html,
  type HtmlFragment,
  htmlTable,
  lines,
  page,
  type Section,
} from "../../plot/mod.ts";
import type { JudgedTextModel, TextMilestone } from "../text/milestone.ts";
import { describeText, share, type TextReport } from "../text/report.ts";

/** Texts of each model that are shown. */
const SHOWN = 20;

/** Draws everything that a run found out, as `report.html`. */
export function buildTextPage(milestone: TextMilestone): string {
  const { report } = milestone;
  return page({
    title: `Who learned ${report.text.file}?`,
    intro: `${describeText(report.text)}. Seed ${report.seed}, computed on ${report.backend}.`,
    sections: [
      verdict(report),
      ...learning(milestone),
      writing(milestone),
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
  const measured = models.filter(({ bitsPerCharacter }) => bitsPerCharacter !== null);
  return bars({
    title: "Bits for each unseen character",
    y: "bits",
    categories: measured.map(({ name }) => name),
    series: [{ name: "bits", values: measured.map(({ bitsPerCharacter }) => bitsPerCharacter!) }],
  });
}

function verdictTable({ models, text }: TextReport): HtmlFragment {
  const rounded = (value: number | null) =>
    value === null ? "–" : Math.round(value).toLocaleString("en");
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
      model.parameters,
      model.contextLength ?? "∞",
      model.trainLoss?.toFixed(4) ?? "∞",
      model.validLoss?.toFixed(4) ?? "∞",
      model.bitsPerCharacter?.toFixed(4) ?? "∞",
      share(model.generated),
      model.trainSeconds.toFixed(1),
      rounded(model.trainTokensPerSecond),
      rounded(model.generateTokensPerSecond),
    ]),
  });
}

function learning({ models, report }: TextMilestone): Section[] {
  const learned = models.filter(({ history }) => history !== null);
  if (learned.length === 0) return [];
  const references = report.models
    .filter(({ name, validLoss }) => name.startsWith("count-") && validLoss !== null)
    .map(({ name, validLoss }) => ({ name, y: validLoss! }));
  return [{
    title: "How they learned",
    text: "The dashed lines are what counting reaches.",
    items: [
      lines({
        title: "Loss on unseen text",
        x: report.text.kind === "lines" ? "epoch" : "part of the training",
        y: "nats a token",
        references,
        series: learned.map(({ model, history }) => ({
          name: model.name,
          x: history!.epochs.map(({ epoch }) => epoch),
          y: history!.epochs.map(({ validLoss }) => validLoss),
        })),
      }),
      lines({
        title: "Training loss, step by step",
        x: "step",
        y: "nats a token",
        references,
        series: learned.map(({ model, history }) => ({
          name: model.name,
          x: history!.steps.map(({ step }) => step),
          y: history!.steps.map(({ loss }) => loss),
        })),
      }),
    ],
  }];
}

function writing({ models }: TextMilestone): Section {
  const choices = models.map((judged) => ({ name: judged.model.name, items: textsOf(judged) }));
  return {
    title: "What they wrote",
    text: "After each part of the training, and when it was over.",
    items: [chooser({ label: "Model", choices })],
  };
}

function textsOf({ live, samples }: JudgedTextModel): HtmlFragment[] {
  const attempts = live.length === 0 ? [] : [htmlTable({
    caption: "While learning",
    head: ["after", "loss", "text"],
    rows: live.map(({ epoch, validLoss, text }) => [epoch, validLoss.toFixed(3), written(text)]),
  })];
  const texts = [...new Set(samples.map(({ text }) => text))].slice(0, SHOWN);
  return [...attempts, html`<ul>${texts.map((text) => html`<li>${written(text)}</li>`)}</ul>`];
}

function written(text: string): HtmlFragment {
  return html`<span style="white-space:pre-wrap">${text}</span>`;
}
