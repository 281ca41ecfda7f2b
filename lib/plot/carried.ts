/** Items of a page as plain data, so that workers can draw them: what they send each other has no methods. */
import { Chooser, type PageItem } from "./chooser.ts";
import { jupyterDisplay, type MediaBundle } from "./display.ts";
import { type Figure, figure } from "./figure.ts";
import { HtmlFragment, isHtml } from "./html.ts";
import { Program, type ProgramOptions } from "./program.ts";

/** An item on its way. */
export type CarriedItem =
  | ({ readonly kind: "figure" } & Pick<Figure, "data" | "layout">)
  | CarriedFragment
  | {
    readonly kind: "program";
    readonly options: Omit<ProgramOptions, "fallback">;
    readonly fallback: CarriedFragment;
  }
  | { readonly kind: "chooser"; readonly label: string; readonly choices: CarriedChoice[] };

interface CarriedFragment {
  readonly kind: "fragment";
  readonly markup: string;
  readonly shown: MediaBundle;
}

interface CarriedChoice {
  readonly name: string;
  readonly items: CarriedItem[];
}

/** An item as plain data. */
export function packItem(item: PageItem): CarriedItem {
  if (isHtml(item)) return carryFragment(item);
  if (item instanceof Program) {
    const { fallback, ...options } = item.options;
    return { kind: "program", options, fallback: carryFragment(fallback) };
  }
  if (!(item instanceof Chooser)) {
    return { kind: "figure", data: item.data, layout: item.layout };
  }
  const choices = item.choices.map(({ name, items }) => ({ name, items: items.map(packItem) }));
  return { kind: "chooser", label: item.label, choices };
}

function carryFragment(item: HtmlFragment): CarriedFragment {
  return { kind: "fragment", markup: `${item}`, shown: item[jupyterDisplay]() };
}

function unpackFragment({ markup, shown }: CarriedFragment): HtmlFragment {
  return new HtmlFragment(markup, shown);
}

/**
 * The item that was carried. Markup is taken as it is: what comes from anywhere but a worker of one's own must
 * not get here.
 */
export function unpackItem(item: CarriedItem): PageItem {
  if (item.kind === "fragment") return unpackFragment(item);
  if (item.kind === "program") {
    return new Program({ ...item.options, fallback: unpackFragment(item.fallback) });
  }
  if (item.kind === "figure") return figure(item.data, { layout: item.layout });
  const choices = item.choices.map(({ name, items }) => ({ name, items: items.map(unpackItem) }));
  return new Chooser(item.label, choices);
}
