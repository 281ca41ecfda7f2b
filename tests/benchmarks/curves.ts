/** `deno task bench:curves`: how the cost of a training step grows with width and context, as JSON and SVG. */
import {
  createCommand,
  positiveNumber,
  runCommand,
  wholeNumber,
  writeWhole,
} from "../../lib/command/mod.ts";
import { type LineSeries, svgLines } from "../../lib/plot/mod.ts";
import { type Entrant, prepare } from "./contestants.ts";
import { measure } from "./measure.ts";
import type { ModelShape } from "./models.ts";
import { useBackend } from "./threads.ts";
import { onThreads, startTorch, type Torch } from "./torch.ts";

interface Options {
  torch?: string;
  seconds: number;
  threads: number;
  most: number;
  out: string;
}

/** Milliseconds of each contestant at each size. */
interface Curves {
  title: string;
  x: string;
  sizes: number[];
  milliseconds: Record<string, number[]>;
}

const [TOKENS, WIDTH, CONTEXT] = [1024, 64, 32]; // tokens a step; what stays while the other grows

/** A GPT of 4 layers and 4 heads. */
function gpt(width: number, time: number): ModelShape {
  const batch = TOKENS / time;
  return { kind: "gpt", batch, time, vocabulary: 32, heads: 4, layers: 4, width };
}

const doublings = (from: number, to: number) =>
  Array.from({ length: Math.log2(to / from) + 1 }, (_, i) => from * 2 ** i);

await runCommand(async () => {
  const { torch: python, seconds, threads, most, out } = createCommand(
    "deno task bench:curves",
    "Times a GPT's training step of 1,024 tokens at growing width and at growing context.",
  )
    .option("--torch <python>", "also time PyTorch, run by this Python")
    .option("--seconds <number>", "for each point", positiveNumber, 0.5)
    .option("--threads <number>", "the second number of threads", wholeNumber(2), 2)
    .option("--most <width>", "the largest width", wholeNumber(32), 512)
    .option("--out <name>", "OUT.json and OUT.svg", "notebooks/images/cost")
    .parse().opts<Options>();
  const counts = [1, threads];
  const torches = python === undefined ? [] : counts.map((count) => startTorch(python, count));
  const entrants = await entrantsOn(counts);
  const time = (shapes: ModelShape[]) => timeAll(shapes, { entrants, torches, seconds });
  const [widths, contexts] = [doublings(16, most), doublings(32, 1024)];
  const curves: Curves[] = [
    {
      ...{ title: `A training step of ${TOKENS} tokens, T = ${CONTEXT}`, x: "width C" },
      ...{ sizes: widths, milliseconds: await time(widths.map((C) => gpt(C, CONTEXT))) },
    },
    {
      ...{ title: `A training step of ${TOKENS} tokens, C = ${WIDTH}`, x: "context T" },
      ...{ sizes: contexts, milliseconds: await time(contexts.map((T) => gpt(WIDTH, T))) },
    },
  ];
  for (const torch of torches) await torch.stop();
  await writeWhole(`${out}.json`, JSON.stringify(curves, null, 2) + "\n");
  await writeWhole(`${out}.svg`, picture(curves));
  console.log(`${out}.json, ${out}.svg`);
});

/** `simd`, and `native` where there is a BLAS, on each number of threads. */
async function entrantsOn(counts: number[]): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const backend of ["simd", "native"]) {
    try {
      await useBackend(backend, 1);
    } catch (error) {
      console.error(`Without ${backend}: ${(error as Error).message}`);
      continue;
    }
    entrants.push(...counts.map((threads): Entrant => ({
      ...{ name: onThreads(backend, threads), backend, operations: "fused", threads },
    })));
  }
  return entrants;
}

async function timeAll(
  shapes: ModelShape[],
  { entrants, torches, seconds }: { entrants: Entrant[]; torches: Torch[]; seconds: number },
): Promise<Record<string, number[]>> {
  const milliseconds: Record<string, number[]> = {};
  for (const model of shapes) {
    console.error(`C = ${model.width}, T = ${model.time} …`);
    const work = { kind: "train" as const, model };
    const ours = [];
    for (const entrant of entrants) ours.push(await prepare(entrant, work));
    const contestants = [...ours, ...torches.map((torch) => torch.contestant(work))];
    for (const [name, { fast }] of await measure(contestants, { seconds })) {
      (milliseconds[name] ??= []).push(Number((1000 * fast).toPrecision(3)));
    }
    for (const { dispose } of ours) dispose();
  }
  return milliseconds;
}

/** One panel above the other. */
function picture(curves: Curves[]): string {
  const tall = 300;
  const panels = curves.map(({ title, x, sizes, milliseconds }, i) => {
    const series = Object.entries(milliseconds).map(([name, y]): LineSeries => ({
      ...{ name, x: sizes, y },
    }));
    const drawn = svgLines({ title, x, y: "milliseconds", series, logX: true, logY: true }, {
      xTicks: sizes,
      yTicks: [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000],
    });
    return drawn.replace("<svg ", `<svg y="${i * tall}" `);
  });
  const height = tall * curves.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" width="720" ` +
    `height="${height}">${panels.join("")}</svg>\n`;
}
