/// <reference lib="dom" />
/** The program of the page: settings in, workers that train, pictures out. */
import { createGrammar, type Grammar } from "../../grammar/mod.ts";
import { createRandom } from "../../random.ts";
import { experiments } from "../experiments.ts";
import { fromHash, type Settings, toHash } from "../settings.ts";
import { type ClassSession, lookAt, openClass } from "./class_session.ts";
import { createControls } from "./controls.ts";
import { replace, say } from "./dom.ts";
import { createExperiments } from "./experiments.ts";
import { createLossChart } from "./loss_chart.ts";
import { createPanel, type Panel } from "./panels.ts";
import { createNumbersTable } from "./numbers_table.ts";
import { statusOf } from "./status.ts";
import { createTheme } from "./theme.ts";
import { createTimeline } from "./timeline.ts";
import { createTransport } from "./transport.ts";
import { createTyping } from "./typing.ts";

const place = (id: string) => document.getElementById(id)!;
const code = place("worker").textContent ?? "";
const program = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

let settings: Settings = fromHash(location.hash);
let experiment = experimentOf(location.hash);
let session: ClassSession;
let panels: Panel[] = [];

const theme = createTheme(place("theme"), repaint);
const controls = createControls((next) => begin(next, { experiment: undefined }));
const chart = createLossChart(draw);
const timeline = createTimeline(draw);
const typing = createTyping();
const numbers = createNumbersTable();
const guide = createExperiments(experiments, (chosen) => {
  begin(chosen.settings, { experiment: chosen.id });
  session.ask("go");
  draw();
});
const transport = createTransport({
  ask: (kind) => {
    timeline.follow();
    session.ask(kind);
    draw();
  },
  reset: () => begin(settings, { experiment }),
  link: () => location.href,
});

/** The experiment that an address names. */
function experimentOf(hash: string): string | undefined {
  const id = new URLSearchParams(hash.replace(/^#/, "")).get("experiment");
  return experiments.find((one) => one.id === id)?.id;
}

/** Starts anew with these settings, before the first step. */
function begin(next: Settings, chosen: { experiment: string | undefined }): void {
  settings = next;
  experiment = chosen.experiment;
  const hash = toHash(settings);
  history.replaceState(null, "", `#${experiment ? `experiment=${experiment}&` : ""}${hash}`);
  session?.close();
  session = openClass(settings, { program, changed: draw });
  const grammar = createGrammar(settings.grammar, settings.n);
  panels = settings.models.map((_, i) => createPanel(i, grammar));
  replace(place("panels"), ...panels.map(({ root }) => root));
  say(place("rule"), `${settings.grammar} ${settings.n}: ${grammar.description}.`);
  typing.open(session.lanes, grammar, firstText(grammar));
  timeline.follow();
  controls.show(settings);
  guide.show(experiment);
  draw();
}

/** What stands in the box before anything is typed: the beginning of a string of the language. */
function firstText(grammar: Grammar): string {
  return grammar.sample(createRandom(1, "typed")).slice(0, 6);
}

let waiting = false;

/** Who wants little that moves sees what is new once in so many milliseconds while it trains. */
const CALM = 1500;

/** Draws at the next frame, however often it is called before. */
function draw(): void {
  if (waiting) return;
  waiting = true;
  const frame = () =>
    requestAnimationFrame(() => {
      waiting = false;
      drawNow();
    });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still && session.state() === "going") setTimeout(frame, CALM);
  else frame();
}

function drawNow(): void {
  const { lanes } = session;
  const moments = session.moments();
  const step = timeline.stepOf(moments);
  transport.draw(session.state());
  timeline.draw(moments);
  chart.draw(lanes, step);
  drawPanels(step);
  typing.draw(lanes, step);
  numbers.draw(lanes);
  const said = statusOf(lanes, session.state());
  say(place("status"), said);
  const [example] = lanes.map((lane) => lookAt(lane, step));
  document.documentElement.toggleAttribute("data-ready", example !== undefined);
}

/** Draws the first column that is out of date, the others at the next frames, so that none takes long. */
function drawPanels(step: number): void {
  const { lanes } = session;
  const old = lanes.keys().filter((i) => !panels[i]!.shows(lanes[i]!, step)).toArray();
  const [first] = old;
  if (first !== undefined) panels[first]!.draw(lanes[first]!, { step, ink: theme.ink() });
  if (old.length > 1) draw();
}

/** Colours are others: all pictures anew. */
function repaint(): void {
  panels.forEach((panel) => panel.stale());
  draw();
}

replace(place("guide"), guide.root);
replace(place("settings"), controls.root);
replace(place("transport"), transport.root);
replace(place("typing"), typing.root);
replace(place("loss"), chart.root, timeline.root, numbers.root);
place("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the part of the address after # holds the settings
  place("desk").focus();
});
addEventListener("hashchange", () => {
  begin(fromHash(location.hash), { experiment: experimentOf(location.hash) });
});
begin(settings, { experiment });
