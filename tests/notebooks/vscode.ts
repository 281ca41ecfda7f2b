/**
 * Opens a committed notebook in a real VS Code (code-server, its notebook support as it is built in), in
 * headless Chromium, and looks whether its figures are pictures there and its texts can be read.
 *
 * Wants programs named `code-server` and `chromium` on the PATH.
 */
import type { Browser, Frame } from "puppeteer-core";
import { withChromium } from "../browser/chromium.ts";
import { temporaryFolder } from "../browser/temporary_folder.ts";
import { createCommand, runCommand, UsageError } from "../../lib/command/mod.ts";
import { answers, end, freePort } from "./jupyterlab_server.ts";
import { joined, type Notebook, readNotebook } from "./notebook.ts";
import { settled } from "./settled.ts";
import { picturesWanted } from "./untrusted.ts";

const command = createCommand("deno task test:vscode", "Open notebooks in a real VS Code.")
  .argument("[paths...]", "notebooks", ["notebooks/03_grammar.ipynb"])
  .option("--picture <path>", "write a picture of what is seen");

/** Higher than any notebook: VS Code draws only the cells that can be seen. */
const height = 30_000;

async function openFaults(
  browser: Browser,
  { url, path, folder, picture }: { url: string; path: string; folder: string; picture?: string },
): Promise<string[]> {
  const notebook = await readNotebook(path);
  const name = path.split("/").at(-1)!;
  await Deno.copyFile(path, `${folder}/${name}`);
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 1280, height });
    const open = JSON.stringify([[
      "openFile",
      `vscode-remote://${new URL(url).host}${folder}/${name}`,
    ]]);
    const address = `${url}/?folder=${encodeURIComponent(folder)}&payload=${
      encodeURIComponent(open)
    }`;
    await page.goto(address, { timeout: 120_000, waitUntil: "domcontentloaded" });
    await page.waitForSelector(".notebook-editor .cell-list-container", { timeout: 120_000 });
    await settled(page, `document.querySelectorAll(".notebook-editor .monaco-list-row").length`);
    const frame = await outputsFrame(page);
    await settled(frame, `(() => { ${deep} return all(document, ".output, img, svg").length; })()`);
    if (picture !== undefined) {
      const clip = { x: 0, y: 0, width: 1280, height: 4000 };
      await page.screenshot({ path: picture as `${string}.png`, clip });
    }
    const seen = await frame.evaluate(look) as Seen;
    console.log(`${path}: ${seen.pictures} pictures in VS Code`);
    return shortfalls(notebook, seen);
  } finally {
    await page.close();
  }
}

/** What the outputs of a notebook look like. */
interface Seen {
  pictures: number;
  text: string;
}

/** Outputs live in a frame of their own, inside another; the right one is that which holds outputs. */
async function outputsFrame(page: { frames(): Frame[] }): Promise<Frame> {
  for (let attempt = 0; attempt < 120; attempt++) {
    for (const frame of page.frames().slice(1)) { // the first is the page itself
      const holds = await frame.evaluate(`document.querySelectorAll(".output").length > 0`)
        .catch(() => false);
      if (holds) return frame;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("Expected VS Code to show outputs within 60 s, it showed none");
}

/** Each output is drawn in a shadow tree of its own. */
const deep = `const all = (root, selector) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot ? all(shadowRoot, selector) : []),
];`;

const look = `(() => {
  ${deep}
  const outputs = all(document, ".output");
  const isSeen = (one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 20 && height > 20;
  };
  const words = (root) => [...root.childNodes].map((node) =>
    node.nodeName === "STYLE" || node.nodeName === "SCRIPT" ? ""
      : node.nodeType === 3 ? node.data
      : (node.shadowRoot ? words(node.shadowRoot) : "") + words(node)).join("");
  return {
    pictures: outputs.filter((output) => all(output.getRootNode() === document
      ? output.shadowRoot ?? output : output, "img, svg").some(isSeen)).length,
    text: words(document.body),
  };
})()`;

function shortfalls(notebook: Notebook, { pictures, text }: Seen): string[] {
  const wanted = picturesWanted(notebook).reduce((sum, count) => sum + count, 0);
  const streams = notebook.cells.flatMap(({ outputs = [] }) => outputs)
    .flatMap((output) =>
      output.output_type === "stream" ? [joined(output.text).split("\n")[0]!] : []
    );
  const plain = (line: string) => line.replace(/\s+/g, " ").trim();
  return [
    ...pictures < wanted ? [`${pictures} of ${wanted} pictures can be seen`] : [],
    ...streams.filter((line) => !plain(text).includes(plain(line)))
      .map((line) => `the text ${JSON.stringify(line)} cannot be seen`),
  ];
}

/** Runs work beside a VS Code on the loopback address, with settings of its own, which ends with the work. */
async function withCode<T>(
  work: (code: { url: string; folder: string }) => Promise<T>,
): Promise<T> {
  const root = await temporaryFolder("code");
  const folder = `${root}/notebooks`;
  const port = freePort();
  await Deno.mkdir(folder);
  await Deno.mkdir(`${root}/data/User`, { recursive: true });
  await Deno.writeTextFile(`${root}/config.yaml`, "auth: none\n");
  await Deno.writeTextFile(
    `${root}/data/User/settings.json`,
    JSON.stringify({
      "workbench.startupEditor": "none",
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "workbench.editorAssociations": { "*.ipynb": "jupyter-notebook" },
    }),
  );
  const process = new Deno.Command("code-server", {
    args: [
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--config", `${root}/config.yaml`],
      ...["--user-data-dir", `${root}/data`, "--extensions-dir", `${root}/extensions`],
      ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
      folder,
    ],
    env: { HOME: root },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(`${url}/healthz`, process);
    return await work({ url, folder });
  } finally {
    await end(process);
    await Deno.remove(root, { recursive: true }).catch(() => {});
  }
}

if (import.meta.main) {
  await runCommand(async () => {
    command.parse(Deno.args, { from: "user" });
    const { picture } = command.opts<{ picture?: string }>();
    const faults = await withCode(({ url, folder }) =>
      withChromium(async (browser) => {
        const found: string[] = [];
        for (const path of command.processedArgs[0] as string[]) {
          const options = { url, path, folder, ...picture === undefined ? {} : { picture } };
          found.push(...(await openFaults(browser, options)).map((fault) => `${path}: ${fault}`));
        }
        return found;
      })
    );
    if (faults.length > 0) throw new UsageError(faults.join("\n"));
  });
}
