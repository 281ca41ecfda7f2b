/** Programs of this project as one classic script, for a browser. */
import { UsageError } from "./errors.ts";

/** What a bundle is to be like. */
export interface BundleOptions {
  /** Without the parts of tfjs that this library does not use: less than half as large. */
  readonly lean?: boolean;
  /** Without spaces and long names. */
  readonly minify?: boolean;
  /** Files of this project to take in place of others, by the others' paths. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** The folder of `deno.json`, in which entries are named. */
const root = new URL("../", import.meta.url);

/**
 * A program with all that it imports as one classic script, which a page may hold and a worker may be
 * started from. Needs permission to read the project and to run `deno`.
 *
 * @param entry the file of the program, relative to the repository's root
 * @throws UsageError with what the bundler says, when it refuses
 */
export async function bundleForBrowser(
  entry: string,
  { lean = false, minify = false, instead = {} }: BundleOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["bundle", "--no-config", "--no-lock", "--import-map", await importMap({ lean, instead })],
      ...["--platform", "browser", "--format", "iife"],
      ...minify ? ["--minify"] : [],
      entry,
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new UsageError(`Expected ${entry} as one script, got: ${text(stderr).trim()}`);
}

/** The project's imports as an address, since the bundler reads a map of its own and no configuration. */
async function importMap(
  { lean, instead }: Required<Pick<BundleOptions, "lean" | "instead">>,
): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const tfjs = new URL("lib/tensor/browser_tfjs.ts", root).href;
  const others = Object.entries(instead).map(([path, other]) => [
    new URL(path, root).href,
    new URL(other, root).href,
  ]);
  const map = {
    imports: {
      ...imports,
      ...lean && { "@tensorflow/tfjs": tfjs },
      ...Object.fromEntries(others),
    },
  };
  return `data:application/json,${encodeURIComponent(JSON.stringify(map))}`;
}
