/**
 * Opens notebooks in a real JupyterLab, in headless Chromium, runs all their cells there and looks
 * whether each figure is drawn and each cell shows what is committed; then opens what is committed as
 * somebody would who has just cloned it. Nothing of the reader's own Jupyter is read or changed.
 *
 * Wants a `python3` on the PATH that has jupyterlab and plotly, and a `chromium`.
 */
import type { Browser, Page } from "puppeteer-core";
import { createCommand, runCommand, UsageError } from "../../lib/command/mod.ts";
import { withChromium } from "../browser/chromium.ts";
import { moveImports } from "./cells.ts";
import { differences } from "./compare.ts";
import { type Lab, withLab } from "./jupyterlab_server.ts";
import { putBackLateLines } from "./late_streams.ts";
import { normalise } from "./normalise.ts";
import { joined, type Notebook, notebookPaths, plotlyType, readNotebook } from "./notebook.ts";
import { newFrontPage, settled, shownInLab } from "./settled.ts";
import { untrustedFaults } from "./untrusted.ts";

const command = createCommand("deno task test:jupyterlab", "Run notebooks in a real JupyterLab.")
  .argument("[paths...]", "notebooks; all of them and the tests' sample by default")
  .option("--picture <path>", "write a picture of the first one, such as notebooks/images/lab.png")
  .option("--scroll <pixels>", "how far to scroll before the picture", Number, 0);

/** Most of a notebook's cells compute on one core. */
const atOnce = 2;

const patiently = { timeout: 120_000, waitUntil: "domcontentloaded" } as const;

/** What a notebook did in JupyterLab. */
interface Seen {
  executed: number;
  errors: number;
  figures: number;
  notebook: Notebook;
}

async function tryNotebook(
  browser: Browser,
  { lab, path, picture, scroll }: { lab: Lab; path: string; picture?: string; scroll: number },
): Promise<string[]> {
  const started = performance.now();
  const notebook = await readNotebook(path);
  const name = path.split("/").at(-1)!;
  await Deno.writeTextFile(`${lab.root}/${name}`, JSON.stringify(unexecuted(notebook, path)));
  const page = await newFrontPage(browser);
  try {
    await page.setViewport({ width: 1280, height: 860 });
    // Without a reset JupyterLab would open the notebooks from before beside this one.
    const workspace = name.replace(/\W/g, "");
    await page.goto(
      `${lab.url}/lab/workspaces/${workspace}/tree/${name}?reset&token=${lab.token}`,
      patiently,
    );
    await runAll(page);
    const seen = await page.evaluate(look) as Seen;
    if (picture !== undefined) await takePicture(page, { picture, scroll });
    await page.evaluate(`window.jupyterapp.shell.currentWidget.sessionContext.shutdown()`);
    const run = putBackLateLines(normalise(notebook), normalise(seen.notebook));
    const faults = [
      ...shortfalls(seen, notebook),
      ...hasBareCells(notebook) ? [] : differences(normalise(notebook), normalise(run.notebook)),
      ...await untrustedFaults(browser, { lab, path, notebook }),
    ];
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `${path}: ${seen.executed} cells run, ${seen.figures} figures drawn, ` +
        `${run.late} lines came late, ${faults.length} faults, ${seconds} s`,
    );
    return faults.map((fault) => `${path}: ${fault}`);
  } finally {
    await page.close();
  }
}

function shortfalls(seen: Seen, { cells }: Notebook): string[] {
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  const bundles = code.flatMap(({ outputs }) => outputs ?? [])
    .filter((output) => "data" in output && plotlyType in output.data);
  return [
    seen.executed !== code.length && `${seen.executed} of ${code.length} cells ran`,
    seen.errors > 0 && `${seen.errors} errors are shown`,
    seen.figures !== bundles.length &&
    `${seen.figures} figures are drawn, ${bundles.length} are committed`,
  ].filter((shortfall) => shortfall !== false);
}

/** JupyterLab may show a bare last expression under the next cell, so such outputs cannot be compared. */
function hasBareCells({ cells }: Notebook): boolean {
  return cells.some(({ outputs = [] }) =>
    outputs.some(({ output_type }) => output_type === "execute_result")
  );
}

/** The notebook without outputs, for a folder of ours: its imports find their modules from there. */
function unexecuted(notebook: Notebook, path: string): Notebook {
  const up = `../../../../${path.split("/").slice(0, -1).join("/")}/`;
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code"
      ? {
        ...cell,
        source: moveImports(joined(cell.source), up),
        outputs: [],
        execution_count: null,
      }
      : cell
  );
  return { ...notebook, cells };
}

/** As the menu does: Run, Run All Cells; done when no cell waits and the kernel has gone quiet. */
async function runAll(page: Page): Promise<void> {
  const idle =
    `window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle"`;
  await page.waitForFunction(idle, { timeout: 120_000, polling: 500 });
  await page.evaluate(`void window.jupyterapp.commands.execute("notebook:run-all-cells")`);
  await page.waitForFunction(
    `${idle} && [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
      .every((prompt) => /\\[\\d+\\]/.test(prompt.textContent))`,
    { timeout: 420_000, polling: 500 },
  );
  await settled(page, shownInLab);
}

const look = `({
  executed: [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
    .filter((prompt) => /\\[\\d+\\]/.test(prompt.textContent)).length,
  errors: document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"],' +
    '[data-mime-type="application/vnd.jupyter.error"]').length,
  figures: [...document.querySelectorAll(".jp-OutputArea .js-plotly-plot")]
    .filter((plot) => plot.querySelector(".main-svg") !== null).length,
  notebook: window.jupyterapp.shell.currentWidget.content.model.toJSON(),
})`;

async function takePicture(
  page: Page,
  { picture, scroll }: { picture: string; scroll: number },
): Promise<void> {
  await page.evaluate(`document.querySelector(".jp-WindowedPanel-outer").scrollTop = ${scroll}`);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await page.screenshot({ path: picture as `${string}.png` });
}

if (import.meta.main) {
  await runCommand(async () => {
    command.parse(Deno.args, { from: "user" });
    const { picture, scroll } = command.opts<{ picture?: string; scroll: number }>();
    const named = command.processedArgs[0] as string[];
    const paths = named.length > 0
      ? named
      : ["tests/notebooks/fixtures/sample.ipynb", ...notebookPaths([])];
    const failures = await withLab((lab) =>
      withChromium(async (browser) => {
        const found: string[] = [];
        const waiting = paths.entries();
        const work = async () => {
          for (const [index, path] of waiting) {
            const view = { scroll, ...(index === 0 && picture !== undefined ? { picture } : {}) };
            found.push(
              ...await tryNotebook(browser, { lab, path, ...view })
                .catch((error: Error) => [`${path}: ${error.message}`]),
            );
          }
        };
        await Promise.all(Array.from({ length: atOnce }, work));
        return found;
      })
    );
    if (failures.length > 0) throw new UsageError(failures.join("\n"));
  });
}
