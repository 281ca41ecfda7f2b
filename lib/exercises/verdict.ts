/** What a check says, as a notebook and as a terminal show it. */
import { html, jupyterDisplay, type MediaBundle, palette } from "../plot/mod.ts";

/** Whether a task is done. */
export type VerdictState = "right" | "your turn" | "not yet";

/** What a check found. */
export interface Verdict {
  /** The task's name. */
  name: string;
  /** Whether it is done. */
  state: VerdictState;
  /** What is asked, what is wrong, or how much was tried, in a sentence. */
  say: string;
  /** One input with the wanted and the given answer, where they differ. */
  example?: { input: string; wanted: string; got: string };
}

const look: Record<VerdictState, { sign: string; colour: string }> = {
  "right": { sign: "✓", colour: palette.green },
  "your turn": { sign: "✎", colour: palette.blue },
  "not yet": { sign: "✗", colour: palette.vermillion },
};

/** A verdict that shows itself. */
export function displayedVerdict(verdict: Verdict) {
  return { ...verdict, [jupyterDisplay]: () => bundle(verdict) };
}

/** The verdict for a terminal. */
export function verdictText({ name, state, say, example }: Verdict): string {
  const shown = example === undefined
    ? ""
    : `\n  for ${example.input}\n  wanted ${example.wanted}\n  got    ${example.got}`;
  return `${look[state].sign} ${name}: ${state}. ${say}${shown}`;
}

function bundle(verdict: Verdict): MediaBundle {
  const { name, state, say, example } = verdict;
  const { sign, colour } = look[state];
  const cell = "padding:0 12px 0 0;text-align:left;vertical-align:top";
  const rows = example === undefined ? [] : [
    ["for", example.input],
    ["wanted", example.wanted],
    ["got", example.got],
  ].map(([label, text]) =>
    html`
      <tr>
        <td style="${cell}">${label}</td>
        <td style="${cell}"><code>${text}</code></td>
      </tr>
    `
  );
  const table = rows.length > 0 && html`<table style="margin:6px 0 0 0">${rows}</table>`;
  const box = html`<div style="border-left:4px solid ${colour};padding:4px 12px;margin:4px 0">
<b style="color:${colour}">${sign} ${name}: ${state}.</b> ${say}${table}</div>`;
  return { "text/html": `${box}`, "text/plain": verdictText(verdict) };
}
