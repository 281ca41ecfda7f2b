/** Whether a BLAS seems to be installed, for those who may not open it: from the files that are there. */
import { libraries, mayOpen } from "./blas.ts";

/** Where loaders look. */
const folders = [
  "",
  ...["/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/"],
  ...["/usr/lib64/", "/usr/lib/", "/usr/local/lib/"],
];

/** The file name of a library that {@linkcode mayOpen} keeps us from; nothing where there is none, or no such ban. */
export function unusedBlas(): string | undefined {
  if (mayOpen() || Deno.permissions.querySync({ name: "read" }).state !== "granted") return;
  // macOS keeps its system libraries in one file, but the folder that one stands in is there
  const place = (name: string) => Deno.build.os === "darwin" ? name.replace(/\/\w+$/, "") : name;
  return libraries[Deno.build.os]?.find((name) =>
    folders.some((folder) => exists(folder + place(name)))
  );
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
