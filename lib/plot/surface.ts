/** A landscape over the plane, such as the loss over two weights. */
import { type ColourScaleName, plotlyScale } from "./colour_scale.ts";
import {
  commonLayout,
  type Figure,
  figure,
  type FigureOptions,
  plotText,
  type Trace,
} from "./figure.ts";

/** What `surface` draws. */
export interface SurfaceOptions extends FigureOptions {
  /** Heights, row by row. */
  z: ArrayLike<number>[];
  /** Positions of the columns. */
  columns: ArrayLike<number>;
  /** Positions of the rows. */
  rows: ArrayLike<number>;
  /** Label of the axis of heights. */
  zTitle?: string;
  /** `sequential` by default. */
  colours?: ColourScaleName;
  /** Where the camera stands, by default somewhat above one corner. */
  eye?: { x: number; y: number; z: number };
  /** A way over the surface, such as that of gradient descent. */
  path?: { name: string; x: ArrayLike<number>; y: ArrayLike<number>; z: ArrayLike<number> };
}

/** Draws a landscape that the reader can turn. It needs WebGL: prefer `heatMap` where it says as much. */
export function surface(options: SurfaceOptions): Figure {
  const { x, y, z, columns, rows, zTitle, colours = "sequential", eye, path } = options;
  const axis = (text?: string) => text === undefined ? {} : { title: { text: plotText(text) } };
  const { title, height, meta } = commonLayout(options) as Record<string, never>;
  const landscape: Trace = {
    type: "surface",
    x: Array.from(columns),
    y: Array.from(rows),
    z: z.map((row) => Array.from(row)),
    colorscale: plotlyScale(colours),
    showscale: false,
  };
  return figure([landscape, ...(path === undefined ? [] : [pathOver(path)])], {
    layout: {
      ...(title === undefined ? {} : { title }),
      ...(meta === undefined ? {} : { meta }),
      height: height ?? 460,
      margin: { l: 0, r: 0, t: 48, b: 0 },
      // Further off and lower than Plotly's own camera, which cuts the titles of the axes.
      scene: {
        xaxis: axis(x),
        yaxis: axis(y),
        zaxis: axis(zTitle),
        camera: { eye: eye ?? { x: 1.45, y: -1.55, z: 0.75 }, center: { x: 0, y: 0, z: -0.15 } },
      },
    },
  });
}

function pathOver({ name, x, y, z }: NonNullable<SurfaceOptions["path"]>): Trace {
  return {
    type: "scatter3d",
    mode: "lines+markers",
    name: plotText(name),
    x: Array.from(x),
    y: Array.from(y),
    z: Array.from(z),
    line: { color: "#D55E00", width: 5 },
    marker: { color: "#D55E00", size: 3 },
  };
}
