/// <reference lib="dom" />
/** Elements of a page. What comes from outside becomes text, never markup. */

/** What an element has besides its children. */
export interface ElementOptions {
  /** Its class. */
  class?: string;
  /** Its text. */
  text?: string;
  /** Its attributes by name. */
  attributes?: Readonly<Record<string, string>>;
  /** Custom properties of its style by name, such as `--share`. */
  style?: Readonly<Record<string, string>>;
}

/** A new element with what it holds. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: name, text, attributes = {}, style = {} }: ElementOptions = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name !== undefined) made.className = name;
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  for (const [key, value] of Object.entries(style)) made.style.setProperty(key, value);
  made.append(...children);
  return made;
}
