/** `deno task playground`: builds the page on which models train, and serves it if asked to. */
import { createCommand, runCommand, wholeNumber, writeWhole } from "../command/mod.ts";
import { buildPlayground } from "./build.ts";
import { servePage } from "./serve.ts";

interface Flags {
  out: string;
  serve: boolean;
  port: number;
}

const command = createCommand(
  "deno task playground",
  "Builds one HTML file on which models train before your eyes. It opens from disk and asks for nothing.",
);
command
  .option("--out <file>", "where the page goes", "runs/playground.html")
  .option("--serve", "serves it on this machine alone, with the headers that threads need", false)
  .option("--port <number>", "where it is served", wholeNumber(1), 8000);

await runCommand(async () => {
  const { out, serve, port } = command.parse(Deno.args, { from: "user" }).opts<Flags>();
  const page = await buildPlayground();
  await writeWhole(out, page);
  console.log(`${out}: ${Math.round(page.length / 1000)} KB; open it in a browser.`);
  if (!serve) return;
  const server = servePage(page, { port });
  console.log(`Served at http://127.0.0.1:${server.addr.port}/ until stopped.`);
  await server.finished;
});
