/** How the two models are told apart, and what they are called. */
import { palette } from "../../plot/theme.ts";
import type { Opened } from "../protocol.ts";
import type { ModelSettings } from "../settings.ts";
import { count } from "./format.ts";

/** The letters of the two models. */
export const letters = ["A", "B"] as const;

/** The colour of a model, which reads on light and on dark. */
export function colourOf(index: number): string {
  return index === 0 ? palette.vermillion : "#2f8fd0";
}

const titles: Record<ModelSettings["architecture"], string> = {
  bigram: "Bigram",
  mlp: "MLP",
  rnn: "RNN",
  gru: "GRU",
  transformer: "Transformer",
};

/** What a kind of model is called, and what it can see. */
export function titleOf({ architecture, lookBack, heads, layers }: ModelSettings): string {
  const title = titles[architecture];
  if (architecture === "mlp") return `${title}, sees ${lookBack} back`;
  if (architecture !== "transformer") return title;
  return `${title}, ${heads} head${heads === 1 ? "" : "s"}${
    layers > 1 ? ` × ${layers} layers` : ""
  }`;
}

/** Name and size. */
export function sizedTitle(model: ModelSettings, opened: Opened | undefined): string {
  return titleOf(model) + (opened ? ` · ${count(opened.parameters)} weights` : "");
}
