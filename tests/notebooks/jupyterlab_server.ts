/** A JupyterLab of our own: its settings, data and kernels lie in a folder that goes with it. */
import { temporaryFolder } from "../browser/temporary_folder.ts";
import { installKernel } from "./execute.ts";

/** A running JupyterLab. */
export interface Lab {
  /** Where it answers. */
  url: string;
  /** What it wants to hear before it does. */
  token: string;
  /** The folder that it shows. */
  root: string;
}

/** Runs work beside a JupyterLab on the loopback address, which ends with the work. */
export async function withLab<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder("lab");
  const root = `${folder}/notebooks`;
  const token = crypto.randomUUID();
  const port = freePort();
  await Deno.mkdir(root);
  await layBeside(root, "notebooks/snapshots");
  await installKernel(folder);
  await settle(`${folder}/settings`);
  const process = new Deno.Command("python3", {
    args: [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"],
      ...[
        `--ServerApp.port=${port}`,
        "--ServerApp.port_retries=0",
        `--ServerApp.root_dir=${root}`,
      ],
      ...[`--IdentityProvider.token=${token}`, "--LabApp.expose_app_in_browser=True"],
    ],
    env: {
      ...Object.fromEntries(
        ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "PATH"].map((
          name,
        ) => [`JUPYTER_${name}`, folder]),
      ),
      JUPYTERLAB_SETTINGS_DIR: `${folder}/settings`,
      DENO_NO_UPDATE_CHECK: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(`${url}/api/status?token=${token}`, process);
    return await work({ url, token, root });
  } finally {
    await end(process);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Files that notebooks read from beside them. */
async function layBeside(root: string, folder: string): Promise<void> {
  const copy = `${root}/${folder.split("/").at(-1)}`;
  await Deno.mkdir(copy);
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.copyFile(`${folder}/${name}`, `${copy}/${name}`);
  }
}

/** No question about news, no look for updates; every cell is drawn, also far from the window. */
async function settle(settings: string): Promise<void> {
  const extensions = {
    "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
    "notebook-extension/tracker": { windowingMode: "none" },
  };
  for (const [name, setting] of Object.entries(extensions)) {
    const path = `${settings}/@jupyterlab/${name}.jupyterlab-settings`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, JSON.stringify(setting));
  }
}

/** A port that nobody listens on. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Waits until a server of ours answers. */
export async function answers(url: string, server: Deno.ChildProcess): Promise<void> {
  let ended = false;
  server.status.then(() => ended = true);
  for (let attempt = 0; attempt < 240 && !ended; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const what = ended ? "it ended: is it installed?" : "it did not in 120 s";
  throw new Error(`Expected a server to answer at ${url.split("?")[0]}, ${what}`);
}

/** Ends a server of ours. */
export async function end(server: Deno.ChildProcess): Promise<void> {
  try {
    server.kill("SIGTERM");
  } catch {
    return; // it has ended by itself
  }
  await server.status;
}
