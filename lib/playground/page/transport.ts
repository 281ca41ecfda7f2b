/// <reference lib="dom" />
/** Start, pause, a single step, begin anew, and a link to what is set. */
import type { ClassState } from "./class_session.ts";
import { element, say } from "./dom.ts";

/** The buttons. */
export interface Transport {
  readonly root: HTMLElement;
  draw(state: ClassState): void;
}

/** What the buttons do. */
export interface TransportActions {
  readonly ask: (kind: "go" | "pause" | "step") => void;
  readonly reset: () => void;
  /** The address of what is set. */
  readonly link: () => string;
}

/** Buttons that steer the training. */
export function createTransport({ ask, reset, link }: TransportActions): Transport {
  const main = element("button", { type: "button", id: "go", class: "primary" }, "Start");
  const step = element("button", { type: "button", id: "step" }, "One step");
  const again = element("button", { type: "button", id: "reset" }, "Start over");
  const copy = element("button", { type: "button", id: "copy" }, "Copy link");
  const said = element("span", { role: "status", class: "copied" });
  let going = false;
  main.addEventListener("click", () => ask(going ? "pause" : "go"));
  step.addEventListener("click", () => ask("step"));
  again.addEventListener("click", reset);
  copy.addEventListener("click", async () => say(said, await copied(link())));
  return {
    root: element(
      "div",
      { class: "transport", role: "group", "aria-label": "Training" },
      main,
      step,
      again,
      copy,
      said,
    ),
    draw: (state) => {
      going = state === "going";
      say(
        main,
        going
          ? "Pause"
          : state === "ready" || state === "preparing"
          ? "Start"
          : state === "done"
          ? "Done"
          : "Go on",
      );
      main.disabled = state === "done" || state === "failed" || state === "preparing";
      step.disabled = main.disabled || going;
    },
  };
}

/** Copies an address; where the browser does not let us, shows it to be copied by hand. */
async function copied(address: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(address);
    return "Copied.";
  } catch {
    return address;
  }
}
