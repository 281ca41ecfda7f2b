/** Links of a folder of pages that lead nowhere, and what its pages would ask of other hosts. */

import { unescapeHtml } from "../plot/html.ts";

/** A link that leads nowhere, or something that another host is asked for. */
export interface Fault {
  /** The page. */
  readonly path: string;
  /** The address as it stands there. */
  readonly address: string;
  /** What is wrong with it. */
  readonly problem: string;
}

/** All faults of a folder of pages. */
export async function linkFaults(folder: string): Promise<Fault[]> {
  const pages = await pagesIn(folder);
  const texts = new Map<string, string>();
  for (const path of pages) {
    texts.set(path, withoutScripts(await Deno.readTextFile(`${folder}/${path}`)));
  }
  const faults: Fault[] = [];
  for (const [path, text] of texts) {
    for (const [, href] of text.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
      const problem = await linkProblem(href!, { path, folder, texts });
      if (problem !== undefined) faults.push({ path, address: href!, problem });
    }
    for (
      const [, url] of text.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\s(?:src|href)="([^"]*)"/g)
    ) {
      if (/^(?:https?:)?\/\//.test(url!)) {
        faults.push({ path, address: url!, problem: "asks another host" });
      }
    }
  }
  return faults;
}

async function linkProblem(
  href: string,
  { path, folder, texts }: { path: string; folder: string; texts: ReadonlyMap<string, string> },
): Promise<string | undefined> {
  const plain = unescapeHtml(href.replaceAll("&#x2F;", "/"));
  if (/^(?:https?|mailto):/.test(plain)) return undefined; // elsewhere: only a click asks for it
  const url = new URL(plain, `http://site/${path}`);
  if (url.protocol !== "http:") return "leads to a machine";
  const target = decodeURIComponent(url.pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
  const text = texts.get(target);
  if (text === undefined) {
    const there = await Deno.stat(`${folder}/${target}`).then(({ isFile }) => isFile, () => false);
    return there ? undefined : "leads to no file";
  }
  const anchor = decodeURIComponent(url.hash.slice(1));
  if (anchor === "" || text.includes(`id="${anchor}"`) || text.includes(`name="${anchor}"`)) return;
  return `leads to no place of ${target}`;
}

/** Leaves the text of dead links, and takes away that they can be followed. */
export async function unlink(folder: string, faults: readonly Fault[]): Promise<void> {
  for (const [path, own] of Map.groupBy(faults, ({ path }) => path)) {
    let text = await Deno.readTextFile(`${folder}/${path}`);
    for (const { address } of own) text = text.replaceAll(` href="${address}"`, "");
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
}

async function pagesIn(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) {
      for (const page of await pagesIn(folder, `${below}${name}/`)) found.push(page);
    } else if (name.endsWith(".html")) found.push(`${below}${name}`);
  }
  return found.sort();
}

/** What a script holds is text: examples of markup among it are no links. */
function withoutScripts(text: string): string {
  return text.replace(/(<script\b[^>]*>)[\s\S]*?(<\/script>)/g, "$1$2");
}
