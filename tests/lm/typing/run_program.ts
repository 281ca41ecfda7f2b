/**
 * Runs the script of the box as a page would, without what a browser lacks: from standard input come the
 * script and the data of some places, to standard output goes what the script makes of each.
 */
import { withDocument } from "./document.ts";

const { script, places }: { script: string; places: unknown[] } = await new Response(
  Deno.stdin.readable,
).json();
const hidden = ["process", "Deno", "SharedArrayBuffer", "WebAssembly"];
const run = new Function(...hidden, "WorkerGlobalScope", script);

await withDocument(async (page) => {
  for (const data of places) {
    const place = page.body.appendChild(page.createElement("div"));
    place.dataset.program = "typed-text";
    place.appendChild(page.createElement("script")).textContent = JSON.stringify(data);
  }
  run(undefined, undefined, undefined, undefined, class {}); // tfjs knows a browser by the last
  const made = () => Array.from(page.querySelectorAll(".typed ol button[aria-pressed=true]"));
  while (made().length < places.length) await new Promise((resolve) => setTimeout(resolve, 5));
  console.log(JSON.stringify(Array.from(page.body.children, ({ innerHTML }) => innerHTML)));
});
