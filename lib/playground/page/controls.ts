/// <reference lib="dom" />
/** The fields in which a reader chooses what is learned, and by whom. */
import { families } from "../../grammar/mod.ts";
import {
  architectures,
  choices,
  choicesOfN,
  defaultModel,
  type ModelSettings,
  MOST_SEED,
  type Settings,
} from "../settings.ts";
import { type Child, element, replace } from "./dom.ts";
import { colourOf, letters } from "./models.ts";

/** The fields. */
export interface Controls {
  readonly root: HTMLElement;
  /** Shows these settings. */
  show(settings: Settings): void;
}

/** Fields that tell whenever something else is chosen. */
export function createControls(changed: (settings: Settings) => void): Controls {
  const root = element("form", { class: "controls", "aria-label": "What is learned, and by whom" });
  root.addEventListener("submit", (event) => event.preventDefault());
  const show = (settings: Settings) => {
    const focused = document.activeElement?.id ?? "";
    const change = (next: Settings) => {
      show(next);
      changed(next);
    };
    replace(
      root,
      languageFields(settings, change),
      ...settings.models.map((_, i) => modelFields(settings, i, change)),
      settings.models.length === 1 ? addButton(settings, change) : null,
    );
    if (focused && root.querySelector(`#${focused}`)) document.getElementById(focused)?.focus();
  };
  return { root, show };
}

type Change = (next: Settings) => void;

function languageFields(settings: Settings, change: Change): HTMLElement {
  const { grammar, n, train, epochs, seed } = settings;
  const seedField = element("input", {
    ...{ id: "seed", type: "number", min: 0, max: MOST_SEED, step: 1, value: seed },
  });
  seedField.addEventListener("change", () => {
    const value = Math.min(MOST_SEED, Math.max(0, Math.floor(Number(seedField.value)) || 0));
    change({ ...settings, seed: value });
  });
  return element(
    "fieldset",
    {},
    element("legend", {}, "The language"),
    labelled(
      "Rule",
      select("grammar", {
        options: families.map(({ name, title }) => ({ value: name, text: name, title })),
        chosen: grammar,
        choose: (name) => change({ ...settings, grammar: name, n: fittingN(name, n) }),
      }),
    ),
    labelled(
      "N",
      numbers(
        "n",
        { among: choicesOfN[grammar] ?? [n], chosen: n },
        (n) => change({ ...settings, n }),
      ),
    ),
    labelled(
      "Strings",
      numbers(
        "train",
        { among: choices.train, chosen: train },
        (train) => change({ ...settings, train }),
      ),
    ),
    labelled(
      "Passes",
      numbers(
        "epochs",
        { among: choices.epochs, chosen: epochs },
        (epochs) => change({ ...settings, epochs }),
      ),
    ),
    labelled("Seed", seedField),
  );
}

function fittingN(grammar: string, n: number): number {
  const offered = choicesOfN[grammar] ?? [n];
  return offered.includes(n) ? n : offered.includes(3) ? 3 : offered[0]!;
}

function modelFields(settings: Settings, index: number, change: Change): HTMLElement {
  const model = settings.models[index]!;
  const update = (changes: Partial<ModelSettings>) =>
    change({
      ...settings,
      models: settings.models.map((one, i) => i === index ? { ...one, ...changes } : one),
    });
  const field = (
    label: string,
    key: "scale" | "lookBack" | "heads" | "layers" | "learningRate",
    show: (value: number) => string = String,
  ) =>
    labelled(
      label,
      numbers(`${key}-${index}`, { among: choices[key], chosen: model[key], show }, (value) =>
        update({ [key]: value })),
    );
  const legend = element("legend", {}, `Model ${letters[index]}`);
  legend.style.color = colourOf(index);
  const { architecture } = model;
  return element(
    "fieldset",
    {},
    legend,
    labelled(
      "Kind",
      select(`architecture-${index}`, {
        options: architectures.map((name) => ({ value: name, text: kinds[name] })),
        chosen: architecture,
        choose: (name) => update({ architecture: architectures.find((one) => one === name)! }),
      }),
    ),
    architecture === "bigram" ? null : field("Width", "scale", (scale) => `× ${scale}`),
    architecture === "mlp" ? field("Sees back", "lookBack") : null,
    architecture === "transformer" ? field("Heads", "heads") : null,
    architecture === "transformer" ? field("Layers", "layers") : null,
    field("Learning rate", "learningRate"),
    index > 0 ? removeButton(settings, change) : null,
  );
}

const kinds: Record<ModelSettings["architecture"], string> = {
  bigram: "bigram",
  mlp: "MLP",
  rnn: "RNN",
  gru: "GRU",
  transformer: "Transformer",
};

function addButton(settings: Settings, change: Change): HTMLElement {
  const button = element(
    "button",
    { type: "button", id: "add-model" },
    "+ a second model, on the same strings",
  );
  button.addEventListener("click", () => {
    const second: ModelSettings = { ...defaultModel, architecture: "transformer" };
    change({ ...settings, models: [settings.models[0]!, second] });
  });
  return button;
}

function removeButton(settings: Settings, change: Change): HTMLElement {
  const button = element("button", {
    type: "button",
    id: "remove-model",
    "aria-label": "Remove model B",
  }, "Remove");
  button.addEventListener("click", () => change({ ...settings, models: [settings.models[0]!] }));
  return button;
}

function labelled(text: string, field: Child & HTMLElement): HTMLElement {
  return element("label", {}, element("span", {}, text), field);
}

function numbers(
  id: string,
  { among, chosen, show = String }: {
    among: readonly number[];
    chosen: number;
    show?: (value: number) => string;
  },
  choose: (value: number) => void,
): HTMLSelectElement {
  return select(id, {
    options: among.map((value) => ({ value: `${value}`, text: show(value) })),
    chosen: `${chosen}`,
    choose: (value) => choose(Number(value)),
  });
}

function select(
  id: string,
  { options, chosen, choose }: {
    options: readonly { value: string; text: string; title?: string }[];
    chosen: string;
    choose: (value: string) => void;
  },
): HTMLSelectElement {
  const made = element(
    "select",
    { id },
    ...options.map(({ value, text, title }) =>
      element("option", { value, title, selected: value === chosen }, text)
    ),
  );
  made.addEventListener("change", () => choose(made.value));
  return made;
}
