import { assertEquals } from "@std/assert";
import {
  chooser,
  html,
  lines,
  packItem,
  page,
  type PageItem,
  program,
  unpackItem,
} from "../../lib/plot/mod.ts";

const figure = lines({
  title: "a < b",
  series: [{ name: "one", y: [1, 0.123456789] }],
  logY: true,
});
const items: PageItem[] = [
  figure,
  html`<p>${"<b>no markup</b>"}</p>`,
  program({
    code: { name: "box", packed: "H4sIAAAAAAAAAwMAAAAAAAAAAAA=", style: "b{}" },
    ...{ data: [1, "<"], fallback: html`<i>none</i>`, title: "A box", height: 10 },
  }),
  chooser({ label: "Sample", choices: [{ name: "first", items: [figure, html`<i>one</i>`] }] }),
];

Deno.test("a page of items that were carried as plain data is the same page", () => {
  const carried = structuredClone(items.map(packItem)).map(unpackItem);
  const pageOf = (items: PageItem[]) =>
    page({ title: "Carried", sections: [{ title: "Items", items }] });
  assertEquals(pageOf(carried), pageOf(items));
});
