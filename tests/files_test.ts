import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ownFolder, sweepTemporary, writeWhole } from "../lib/files.ts";
import { UsageError } from "../lib/errors.ts";
import { runTask } from "./command/run_task.ts";

const root = new URL("../", import.meta.url).pathname;
const newFolder = () => `${root}tests/.tmp/files/${crypto.randomUUID()}`;

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test("writeWhole() replaces a file, and leaves it and nothing else when it cannot", async () => {
  const folder = newFolder();
  await writeWhole(`${folder}/a`, "old");
  await writeWhole(`${folder}/a`, "new");
  assertEquals(await Deno.readTextFile(`${folder}/a`), "new");
  await Deno.mkdir(`${folder}/taken/inside`, { recursive: true });
  await assertRejects(
    () => writeWhole(`${folder}/taken`, "no"), // renamed onto a folder: as late as a write can fail
    UsageError,
    `Expected to be able to write ${folder}/taken, got`,
  );
  assertEquals(names(folder), ["a", "taken"]);
});

Deno.test("sweepTemporary() removes what killed writes left, wherever a run writes, and nothing else", async () => {
  const folder = newFolder();
  for (const place of ["", "/models", "/cell/models/transformer"]) {
    await writeWhole(`${folder}${place}/kept.tmp`, "");
    await writeWhole(`${folder}${place}/weights.0123abcd.tmp`, "half");
  }
  await sweepTemporary(folder);
  for (const place of ["", "/models", "/cell/models/transformer"]) {
    const files = names(folder + place).filter((name) => name.includes("."));
    assertEquals(files, ["kept.tmp"]);
  }
  await sweepTemporary(`${folder}/none`);
});

Deno.test("ownFolder() refuses a second owner, names the first, and sweeps", async () => {
  const folder = newFolder();
  await writeWhole(`${folder}/report.json.0123abcd.tmp`, "half");
  {
    using _owned = await ownFolder(folder);
    assertEquals(names(folder), [".lock"]);
    await assertRejects(
      () => ownFolder(folder),
      UsageError,
      `no other run works in, got ${folder}, used by process ${Deno.pid} since 20`,
    );
  }
  assertEquals(names(folder), []);
  using _again = await ownFolder(folder);
});

Deno.test("ownFolder() takes over from a process that was killed", async () => {
  const folder = newFolder();
  const code = `import { ownFolder } from "${root}lib/files.ts";
    await ownFolder("${folder}"); console.log("owned"); await new Promise((r) => setTimeout(r, 1e6));`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/own.ts`, code);
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", "--allow-read", "--allow-write", `${folder}/own.ts`],
    cwd: root,
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await assertRejects(() => ownFolder(folder), UsageError, `used by process ${child.pid} since`);
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  assert(names(folder).includes(".lock"));
  using _owned = await ownFolder(folder);
});

Deno.test("a lock that was given back while another asked for it is not taken for one", async () => {
  const folder = newFolder();
  const first = await ownFolder(folder);
  const { tryLock } = Deno.FsFile.prototype;
  let gaveBack = false;
  Deno.FsFile.prototype.tryLock = function (exclusive) {
    if (!gaveBack) first[Symbol.dispose](); // between the other's opening and its locking
    gaveBack = true;
    return tryLock.call(this, exclusive);
  };
  try {
    using _second = await ownFolder(folder);
    await assertRejects(() => ownFolder(folder), UsageError, "no other run works in");
    assertEquals(names(folder), [".lock"]);
  } finally {
    Deno.FsFile.prototype.tryLock = tryLock;
  }
});

for (const task of ["milestone:lm", "milestone:nn", "milestone:autograd", "study"]) {
  Deno.test(`${task} leaves alone the folder of a run that is going on`, async () => {
    const folder = newFolder();
    using _owned = await ownFolder(folder);
    const { code, stdout, stderr } = await runTask(task, ["--out", folder]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, `used by process ${Deno.pid} since`);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    assertEquals(names(folder), [".lock"]);
  });
}
