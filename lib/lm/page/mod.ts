/** A run as one page: figures, tables and what was learned, in a file that opens from disk. */
import { automatonToDot } from "../../grammar/mod.ts";
import { graph, page } from "../../plot/mod.ts";
import { type GrammarMilestone, isGrammarMilestone, type TextMilestone } from "../run/milestone.ts";
import { askedSection, isAsked } from "./asked.ts";
import { drawnSection } from "./drawn.ts";
import { type Drawings, learnedSections } from "./learned.ts";
import { costSection, learningSection, runText, verdictSection } from "./overview.ts";
import { samplesSection } from "./samples.ts";
import { buildTextPage } from "./text.ts";
import { isPortable, typingSection } from "./typing.ts";

export { textBox, type TypingOptions } from "./typing.ts";

export { type Drawings, drawInside } from "./learned.ts";

/**
 * Draws everything that a run found out, as `report.html`; what cannot be drawn says why.
 *
 * @param inside what is drawn already, such as by those who trained the models
 */
export async function buildPage(
  milestone: GrammarMilestone | TextMilestone,
  inside: Drawings = new Map(),
): Promise<string> {
  return isGrammarMilestone(milestone)
    ? await buildGrammarPage(milestone, inside)
    : await buildTextPage(milestone);
}

async function buildGrammarPage(milestone: GrammarMilestone, inside: Drawings): Promise<string> {
  const { grammar } = milestone.task;
  return page({
    title: `Who understood ${grammar.family} ${grammar.n}?`,
    intro: runText(milestone),
    sections: [
      await drawnSection("Who understood the rule?", () => verdictSection(milestone)),
      ...milestone.report.models.some(isAsked)
        ? [await drawnSection("Large language models", () => askedSection(milestone))]
        : [],
      await drawnSection("How they learned", () => learningSection(milestone)),
      await drawnSection("What they wrote", () => samplesSection(milestone)),
      ...milestone.models.some(({ model }) => isPortable(model))
        ? [await drawnSection("Type a string", () => typingSection(milestone))]
        : [],
      ...await learnedSections(milestone, inside),
      await drawnSection("What it cost", () => costSection(milestone)),
      await drawnSection("The grammar", async () => ({
        title: "The grammar",
        text: "In a double circle the string may end.",
        items: [await graph({ dot: automatonToDot(grammar.automaton, grammar.description) })],
      })),
    ],
  });
}
