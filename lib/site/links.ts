/** Links of a folder of pages that lead nowhere, and what its pages would ask of other hosts. */

/** What is wrong, a line each. */
export async function linkFaults(folder: string): Promise<string[]> {
  const pages = await pagesIn(folder);
  const texts = new Map<string, string>();
  for (const path of pages) {
    texts.set(path, withoutScripts(await Deno.readTextFile(`${folder}/${path}`)));
  }
  const faults: string[] = [];
  for (const [path, text] of texts) {
    for (const [, href] of text.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
      const fault = await linkFault(href!, { path, folder, texts });
      if (fault !== undefined) faults.push(`${path}: ${fault}`);
    }
    for (
      const [, url] of text.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\s(?:src|href)="([^"]*)"/g)
    ) {
      if (/^(?:https?:)?\/\//.test(url!)) faults.push(`${path}: asks for ${url}`);
    }
  }
  return faults;
}

async function linkFault(
  href: string,
  { path, folder, texts }: { path: string; folder: string; texts: ReadonlyMap<string, string> },
): Promise<string | undefined> {
  if (/^(?:https?|mailto):/.test(href)) return undefined; // elsewhere: only a click asks for it
  const url = new URL(href.replaceAll("&amp;", "&"), `http://site/${path}`);
  const target = decodeURIComponent(url.pathname.slice(1));
  const text = texts.get(target);
  if (text === undefined) {
    const there = await Deno.stat(`${folder}/${target}`).then(({ isFile }) => isFile, () => false);
    return there ? undefined : `${href} leads to no file`;
  }
  const anchor = decodeURIComponent(url.hash.slice(1));
  if (anchor === "" || text.includes(`id="${anchor}"`) || text.includes(`name="${anchor}"`)) return;
  return `${href} leads to no place of ${target}`;
}

async function pagesIn(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) found.push(...await pagesIn(folder, `${below}${name}/`));
    else if (name.endsWith(".html")) found.push(`${below}${name}`);
  }
  return found.sort();
}

/** What a script holds is text: examples of markup among it are no links. */
function withoutScripts(text: string): string {
  return text.replace(/(<script\b[^>]*>)[\s\S]*?(<\/script>)/g, "$1$2");
}
