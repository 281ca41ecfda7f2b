import { type HtmlFragment, trustedHtml } from "./html.ts";

/** JSON for a script element: only `<` could end it, and JSON may write it as an escape. */
export function embeddedJson(value: unknown): HtmlFragment {
  return trustedHtml(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
