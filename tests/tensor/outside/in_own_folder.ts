/** Makes a folder outside of this project, with a program of somebody else that takes lib/tensor, and runs it. */

const tensor = new URL("../../../lib/tensor/", import.meta.url);
const folder = Deno.makeTempDirSync();
try {
  Deno.writeTextFileSync(`${folder}/deno.json`, JSON.stringify({ links: [tensor.pathname] }));
  const program = Deno.readTextFileSync(new URL("program.ts", import.meta.url))
    .replace("../../../lib/tensor/mod.ts", new URL("mod.ts", tensor).href);
  Deno.writeTextFileSync(`${folder}/program.ts`, program);
  const { code } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env", "program.ts"],
    cwd: folder,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  Deno.exitCode = code;
} finally {
  Deno.removeSync(folder, { recursive: true });
}
