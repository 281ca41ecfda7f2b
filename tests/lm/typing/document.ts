/** A document without a browser, for what only builds and reads elements. */
import { parseHTML } from "linkedom";

/** Runs work with `document` in the global scope, and takes it away again. */
export async function withDocument<T>(work: (page: Document) => Promise<T>): Promise<T> {
  const { document: page } = parseHTML("<!doctype html><html><body></body></html>");
  Object.assign(globalThis, { document: page });
  try {
    return await work(page);
  } finally {
    Reflect.deleteProperty(globalThis, "document");
  }
}
