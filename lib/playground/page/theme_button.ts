/// <reference lib="dom" />
/** Light or dark, as the reader's system says until the button says otherwise. */
import { say } from "./dom.ts";

/** Makes a button change the colours; `changed` is called whenever they have changed. */
export function createTheme(button: HTMLElement, changed: () => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const { dataset } = document.documentElement;
  const isDark = () => dataset.theme ? dataset.theme === "dark" : system.matches;
  const tell = () => {
    say(button, isDark() ? "Light" : "Dark");
    changed();
  };
  button.addEventListener("click", () => {
    dataset.theme = isDark() ? "light" : "dark";
    tell();
  });
  system.addEventListener("change", tell);
  say(button, isDark() ? "Light" : "Dark");
}
