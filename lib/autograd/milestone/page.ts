/** The report as a page: one file that opens from disk. */
import { largestOf, smallestOf } from "../../extremes.ts";
import { type Figure, htmlTable, lines, overlay, page, palette, scatter } from "../../plot/mod.ts";
import { findings, reportHead, reportRows } from "./format.ts";
import type { AutogradReport } from "./milestone.ts";
import type { Line } from "./regression.ts";

/** The loss before each step, ours and the others'. */
export function lossCurves({ paths: { ours, tfjs, pytorch } }: AutogradReport): Figure {
  const curves = Object.entries({ ours, tfjs, PyTorch: pytorch ?? [] });
  return lines({
    title: "The loss falls by the same factor at every step",
    x: "step",
    y: "mean squared error",
    logY: true,
    series: curves.filter(([, path]) => path.length > 0).map(([name, path], index) => ({
      name,
      y: path.map(({ loss }) => loss || NaN), // a logarithm shows no 0
      dash: (["solid", "dash", "dot"] as const)[index]!,
    })),
  });
}

/** The points, the first guess and the last. */
export function fit({ data, paths: { ours } }: AutogradReport): Figure {
  const x = [smallestOf(data.x), largestOf(data.x)];
  const drawn = (name: string, { a, b }: Line) => ({ name, x, y: x.map((x) => a * x + b) });
  return overlay(
    scatter({
      title: "The line before and after",
      x: "x",
      y: "y",
      series: [{ name: "points", ...data, colour: palette.grey }],
    }),
    lines({
      title: "",
      series: [
        { ...drawn("first guess", ours[0]!), dash: "dash", colour: palette.vermillion },
        { ...drawn("last step", ours.at(-1)!), colour: palette.blue },
      ],
    }),
  );
}

/** `report.html`. */
export function autogradPage(report: AutogradReport): string {
  return page({
    title: "A line, found by our own derivatives",
    intro: findings(report).join(" "),
    sections: [
      { title: "Results", items: [htmlTable({ head: reportHead, rows: reportRows(report) })] },
      {
        title: "Loss",
        text:
          "On a bowl each step leaves the same share of the error: a straight line here. It ends " +
          "where the numbers do: in float32 soon, in float64 where the loss is exactly 0, which a " +
          "logarithm cannot show.",
        items: [lossCurves(report)],
      },
      {
        title: "Fit",
        text: "The points carry no noise, so one line goes through all of them.",
        items: [fit(report)],
      },
    ],
  });
}
