/** Files written whole or not at all, and folders that one process owns at a time. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./errors.ts";

/**
 * Writes a file under a temporary name beside its place and renames it, so that a reader never
 * sees half a file and a failed write leaves the old one as it was. Makes missing folders.
 *
 * @throws UsageError when the disk is full or the place cannot be written
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await makeFolderOf(path);
    await Deno.writeFile(
      temporary,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw writingError(path, error);
  }
}

/** Makes the folder that a file stands in. */
export async function makeFolderOf(path: string): Promise<void> {
  const slash = path.lastIndexOf("/");
  if (slash > 0) await Deno.mkdir(path.slice(0, slash), { recursive: true });
}

/** What to throw when a file cannot be written: a full disk or a missing right is nobody's bug. */
export function writingError(path: string, error: unknown): UsageError {
  const { message } = error as Error;
  return new UsageError(`Expected to be able to write ${path}, got ${message}`, { cause: error });
}

/** What a file is called until it is whole; should its writer be killed, it is swept by this name. */
export function temporaryName(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
}

const TEMPORARY = /\.[0-9a-f]{8}\.tmp$/;

/** How deep under its folder a run keeps files: `OUT/CELL/models/NAME/FILE`. */
const DEEPEST = 4;

/** Removes the files that killed writes have left half done, in a folder and those inside it. */
export async function sweepTemporary(folder: string, deepest = DEEPEST): Promise<void> {
  for await (const { name, isFile, isDirectory } of entriesOf(folder)) {
    if (isFile && TEMPORARY.test(name)) await Deno.remove(`${folder}/${name}`);
    else if (isDirectory && deepest > 1) await sweepTemporary(`${folder}/${name}`, deepest - 1);
  }
}

/** What is in a folder; nothing in one that does not exist. */
export async function* entriesOf(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A folder that is ours until it is given back, or this process ends in whatever way. */
export interface OwnedFolder {
  /** Gives it back; `using` does it by itself. */
  [Symbol.dispose](): void;
}

/**
 * Makes a folder ours for as long as this process lives: whoever else asks for it is refused. Removes
 * what killed writes have left there.
 *
 * The operating system holds the lock on `.lock` in it and takes it back when the process ends, killed
 * or not, so that no lock can stay behind.
 *
 * @throws UsageError when it is another process's, and when it cannot be written
 */
export async function ownFolder(path: string): Promise<OwnedFolder> {
  const lock = `${path}/.lock`;
  try {
    await writeWhole(lock + "-tried", "");
    await Deno.remove(lock + "-tried");
    const file = await lockFile(lock);
    await sweepTemporary(path);
    return {
      [Symbol.dispose]: () => {
        Deno.removeSync(lock);
        file.close();
      },
    };
  } catch (error) {
    if (error instanceof InUseError) throw error;
    const { message, cause = error } = error as Error;
    throw new UsageError(
      cause instanceof Deno.errors.NotCapable
        ? `Expected a folder inside the project, got ${path}; to write elsewhere: ${granted(path)}`
        : `Expected a folder that can be written, got ${path} (${message})`,
    );
  }
}

/** The command that may write there: tasks are given no more than the project. */
function granted(path: string): string {
  const main = relative(Deno.cwd(), fileURLToPath(Deno.mainModule));
  return `deno run --allow-read --allow-env --allow-write=. --allow-write=${path} ${main}`;
}

/** Somebody else's folder. */
class InUseError extends UsageError {}

async function lockFile(path: string): Promise<Deno.FsFile> {
  for (;;) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    if (!await file.tryLock(true)) {
      file.close();
      const folder = path.slice(0, path.lastIndexOf("/"));
      throw new InUseError(
        `Expected a folder that no other run works in, got ${folder}, used by ${await holder(
          path,
        )}`,
      );
    }
    // subtle: whoever gave it back between our opening and our locking has removed the file
    if (await isSameFile(file, path)) {
      await file.truncate();
      const now = new Date().toISOString().replace(/\..*/, "Z");
      await file.write(new TextEncoder().encode(`process ${Deno.pid} since ${now}\n`));
      return file;
    }
    file.close();
  }
}

async function isSameFile(file: Deno.FsFile, path: string): Promise<boolean> {
  const there = await Deno.stat(path).catch(() => undefined);
  return there !== undefined && there.ino === (await file.stat()).ino;
}

async function holder(path: string): Promise<string> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return /^process \d+ since [\dTZ:-]+$/.exec(text.trim())?.[0] ?? "another process";
}
