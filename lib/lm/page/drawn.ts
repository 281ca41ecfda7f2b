/** Drawing that never takes down what was computed: what cannot be drawn says why in its place. */
import type { PageItem, Section } from "../../plot/mod.ts";
import { fact } from "./format.ts";

/** What `draw` makes; when it fails, the reason. */
export async function drawn(
  what: string,
  draw: () => PageItem[] | Promise<PageItem[]>,
): Promise<PageItem[]> {
  try {
    return await draw();
  } catch (error) {
    return [fact(`${what} could not be drawn: ${(error as Error).message}`)];
  }
}

/** The section that `draw` makes; when it fails, one with the reason. */
export async function drawnSection(
  title: string,
  draw: () => Section | Promise<Section>,
): Promise<Section> {
  let section: Section | undefined;
  const items = await drawn("This part", async () => (section = await draw()).items);
  return section ?? { title, items };
}
