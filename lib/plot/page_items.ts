/** What stands in the sections of a page: figures, fragments and choosers as HTML. */
import { Chooser, type PageItem } from "./chooser.ts";
import { embeddedJson } from "./embedded_json.ts";
import { type Figure, plainTitle } from "./figure.ts";
import { html, type HtmlFragment, isHtml } from "./html.ts";
import { placeOf, Program, type ProgramCode } from "./program.ts";

/** An item as HTML; the id tells its controls from those of other items. */
export function pageItem(item: PageItem, id: string): HtmlFragment {
  if (isHtml(item)) return html`<div class="fragment">${item}</div>`;
  if (item instanceof Program) return placeOf(item.options);
  return item instanceof Chooser ? chooserOf(item, id) : figureOf(item);
}

/** The title leaves the drawing for the caption, where it wraps, is found and is read aloud. */
function figureOf(figure: Figure): HtmlFragment {
  const { title: _title, template: _template, ...layout } = figure.layout;
  const caption = plainTitle(figure);
  return html`
    <figure class="plot">
      <figcaption>${caption}</figcaption>
      <div class="drawing" role="img" aria-label="${caption}"></div>
      <script type="application/json">${embeddedJson({ data: figure.data, layout })}</script>
    </figure>
  `;
}

function chooserOf({ label, choices }: Chooser, id: string): HtmlFragment {
  const options = choices.map(({ name }, index) => html`<option value="${index}">${name}</option>`);
  const panels = choices.map(({ items }, index) => {
    const content = items.map((item, place) => pageItem(item, `${id}-${index}-${place}`));
    return index === 0
      ? html`<div class="panel">${content}</div>`
      : html`<div class="panel" hidden>${content}</div>`;
  });
  return html`
    <div class="chooser">
      <p>
        <label for="c${id}">${label}</label>
        <select id="c${id}">${options}</select>
        <button type="button" data-step="-1" aria-label="Previous">‹</button>
        <button type="button" data-step="1" aria-label="Next">›</button>
      </p>
      ${panels}
    </div>
  `;
}

/** The programs that items need, each once. */
export function programsOf(items: readonly PageItem[]): ProgramCode[] {
  const all = items.flatMap((item): ProgramCode[] => {
    if (item instanceof Program) return [item.options.code];
    if (!(item instanceof Chooser)) return [];
    return programsOf(item.choices.flatMap(({ items }) => items));
  });
  return [...new Map(all.map((code) => [code.name, code])).values()];
}

/** Whether anything among the items is drawn by Plotly. */
export function holdsFigures(items: readonly PageItem[]): boolean {
  return items.some((item) =>
    item instanceof Chooser
      ? holdsFigures(item.choices.flatMap(({ items }) => items))
      : !isHtml(item) && !(item instanceof Program)
  );
}
