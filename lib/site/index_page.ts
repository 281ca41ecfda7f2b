/** The first page of the site, which speaks to somebody who wants to learn. */
import { UsageError } from "../errors.ts";
import { html, page } from "../plot/mod.ts";
import { renderMarkdown } from "./markdown.ts";
import { siteStyle } from "./style.ts";

/** A notebook in the table of the README. */
export interface Lesson {
  /** Its file without the ending. */
  readonly name: string;
  /** What its first heading says. */
  readonly title: string;
  /** What its reader builds and trains, in Markdown. */
  readonly build: string;
  /** What it ends with, in Markdown. */
  readonly end: string;
}

/**
 * The course as the README has it.
 *
 * @param titles the notebooks that there are, and their titles
 * @throws UsageError when the README names others
 */
export function lessonsOf(readme: string, titles: ReadonlyMap<string, string>): Lesson[] {
  const rows = readme.matchAll(/^\| \[(\w+)\]\(notebooks\/\1\.ipynb\) *\| (.*?) *\| (.*?) *\|$/gm);
  const lessons = [...rows].map(([, name, build, end]) => ({
    ...{ name: name!, title: titles.get(name!) ?? "", build: build!, end: end! },
  }));
  const [wanted, found] = [
    [...titles.keys()].join(", "),
    lessons.map(({ name }) => name).join(", "),
  ];
  if (found === wanted) return lessons;
  throw new UsageError(`Expected the README's course to be ${wanted}, got ${found}`);
}

/** The page. */
export function indexPage(
  { lessons, playground }: { lessons: readonly Lesson[]; playground: boolean },
): string {
  const course = lessons.map(({ name, title, build, end }, i) =>
    `${i + 1}. **[${title}](${name}.ipynb)**\\\n   What you build: ${build}. At the end: ${end}.`
  );
  const play = playground &&
    html`<p class="prose"><a href="playground.html">Watch models learn</a>: a page that trains them
      before your eyes, two side by side, and lets you type against them.</p>`;
  return page({
    title: "Build a language model yourself",
    intro:
      "From the derivative of a + b to a GPT, in eleven notebooks of TypeScript. You write every " +
      "part, train it and look inside; and since the texts come from small grammars that know their own " +
      "rule exactly, you always see how far a model is from the truth.",
    sections: [
      {
        title: "Begin",
        items: [
          html`
            ${play}
            <p class="prose"><a href="${lessons[0]!.name}.html">Read the first notebook</a>, with
              all that its code has shown. Nothing of machine learning is taken for granted.</p>
            <p class="prose">Or run it: with Node on your machine, <code>npm install -g deno</code>,
              <code>deno jupyter --install</code>, and open the project's folder in VS Code or
              JupyterLab.</p>
          `,
        ],
      },
      {
        title: "The course",
        items: [renderMarkdown(course.join("\n"))],
      },
      {
        title: "Look things up",
        items: [renderMarkdown(
          "[The glossary](glossary.md): each word in two sentences and a number. " +
            "[The library](api/index.html): every function of the code behind the notebooks.",
        )],
      },
    ],
    style: siteStyle,
  });
}
