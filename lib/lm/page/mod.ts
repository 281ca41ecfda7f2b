/** A run as one page: figures, tables and what was learned, in a file that opens from disk. */
import { automatonToDot } from "../../grammar/mod.ts";
import { graph, page } from "../../plot/mod.ts";
import { type GrammarMilestone, isGrammarMilestone, type TextMilestone } from "../run/milestone.ts";
import { learnedSections } from "./learned.ts";
import { costSection, learningSection, runText, verdictSection } from "./overview.ts";
import { samplesSection } from "./samples.ts";
import { buildTextPage } from "./text.ts";

/** Draws everything that a run found out, as `report.html`. */
export async function buildPage(milestone: GrammarMilestone | TextMilestone): Promise<string> {
  return isGrammarMilestone(milestone)
    ? await buildGrammarPage(milestone)
    : buildTextPage(milestone);
}

async function buildGrammarPage(milestone: GrammarMilestone): Promise<string> {
  const { grammar } = milestone.task;
  return page({
    title: `Who understood ${grammar.family} ${grammar.n}?`,
    intro: runText(milestone),
    sections: [
      verdictSection(milestone),
      learningSection(milestone),
      await samplesSection(milestone),
      ...await learnedSections(milestone),
      costSection(milestone),
      {
        title: "The grammar",
        text: "In a double circle the string may end.",
        items: [await graph({ dot: automatonToDot(grammar.automaton, grammar.description) })],
      },
    ],
  });
}
