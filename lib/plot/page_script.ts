/** The behaviour of a page, as text. */
import { unpackScript } from "./program.ts";

/**
 * The behaviour of a page, as the text of a browser script: it unpacks Plotly, draws each figure once it
 * can be seen, in the theme of the page, and steers the theme button, the choosers and coloured text.
 */
export const pageScript: string = String.raw`"use strict";
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 600px)");
  const finger = matchMedia("(pointer: coarse)");
  const themes = JSON.parse(document.getElementById("themes").textContent);
  const config = { responsive: true, displayModeBar: false };

  ${unpackScript}
  function complain(error) {
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = "The figures cannot be drawn: this browser does not unpack their library (" +
      error.message + ").";
    document.getElementById("main").prepend(note);
    throw error;
  }

  const library = document.getElementById("plotly"); // none where there are no figures
  const unpacked = library && unpack(library).catch(complain);

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }

  /* A phone has no room for a legend beside the plot. */
  function dressed(layout) {
    const template = structuredClone(themes[isDark() ? "dark" : "light"]);
    template.layout.margin.t = 24;
    const place = {};
    if (narrow.matches) {
      place.legend = { ...layout.legend, orientation: "h", x: 0, y: 1.02, yanchor: "bottom" };
      template.layout.margin = { l: 40, r: 8, t: 16, b: 40 };
      template.layout.font.size = 12;
    }
    /* A finger on a figure scrolls the page: it does not zoom. */
    if (finger.matches && !layout.scene) place.dragmode = false;
    return { ...layout, ...place, template };
  }

  async function draw(figure) {
    await unpacked;
    const drawing = figure.querySelector(".drawing");
    const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
    return Plotly.react(drawing, data, dressed(layout), config);
  }

  const canBeSeen = (figure) => figure.offsetParent !== null;
  const figures = [...document.querySelectorAll("figure.plot")];

  async function drawAll() {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", "Switch to the " + button.textContent + " theme");
    for (const figure of figures) if (canBeSeen(figure)) await draw(figure);
    root.dataset.drawn = "true";
  }

  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    drawAll();
  });
  system.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);

  for (const chooser of document.querySelectorAll(".chooser")) {
    const select = chooser.querySelector("select");
    const panels = chooser.querySelectorAll(":scope > .panel");
    const show = () => {
      panels.forEach((panel, index) => { panel.hidden = index !== select.selectedIndex; });
      for (const figure of panels[select.selectedIndex].querySelectorAll("figure.plot")) {
        if (canBeSeen(figure)) draw(figure);
      }
    };
    select.addEventListener("change", show);
    for (const step of chooser.querySelectorAll(":scope > p > button")) {
      step.addEventListener("click", () => {
        const count = select.options.length;
        select.selectedIndex = (select.selectedIndex + Number(step.dataset.step) + count) % count;
        show();
      });
    }
  }

  /* What the mouse learns from a title, a finger and the arrow keys learn from a line below. */
  for (const text of document.querySelectorAll(".coloured-text")) {
    const pieces = [...text.querySelectorAll("span[title]")];
    const tip = text.appendChild(document.createElement("output"));
    let current = -1;
    text.tabIndex = 0;
    const point = (index) => {
      if (index < 0 || index >= pieces.length) return;
      pieces[current]?.classList.remove("current");
      current = index;
      pieces[current].classList.add("current");
      tip.textContent = pieces[current].textContent + "  " + pieces[current].title;
    };
    text.addEventListener("click", ({ target }) => point(pieces.indexOf(target)));
    text.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      point(current + step);
    });
  }

  /* What is to be looked at comes first, then what is to be used. */
  drawAll().then(async () => {
    for (const packed of document.querySelectorAll(".packed")) await unpack(packed);
  });
})();
`;
