/** Room for files that a test or a tool needs for a moment. */

/** A folder of our own under `tests/.tmp`, as an absolute path. */
export async function temporaryFolder(name: string): Promise<string> {
  const parent = new URL("../.tmp/", import.meta.url).pathname;
  await Deno.mkdir(parent, { recursive: true });
  return await Deno.makeTempDir({ dir: parent, prefix: `${name}-` });
}
