/// <reference lib="dom" />
/** Elements made without markup: every text stays a text, whatever it holds. */

/** What an element may hold; `null` and `false` are left out. */
export type Child = Node | string | number | null | false;

/** Attributes by name; `false` and `undefined` are left out, `true` stands without a value. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An HTML element. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  dress(made, attributes);
  fill(made, children);
  return made;
}

/** An element of an SVG picture. */
export function shape<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  dress(made, attributes);
  fill(made, children);
  return made;
}

/** Puts these in the place of all that an element holds. */
export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  fill(parent, children);
}

/** Says it, and writes to the document only when that is new. */
export function say(place: Element, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

function dress(made: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) {
      made.setAttribute(key, value === true ? "" : `${value}`);
    }
  }
}

function fill(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === false) continue;
    parent.append(child instanceof Node ? child : `${child}`);
  }
}
