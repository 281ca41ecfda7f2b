/** What a task printed, and how it ended. */
export interface TaskResult {
  readonly code: number;
  readonly stdout: string;
  /** Without the line in which Deno names the task. */
  readonly stderr: string;
}

/** Runs `deno task NAME FLAGS` as a person does, without colours. */
export async function runTask(name: string, flags: readonly string[]): Promise<TaskResult> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", name, ...flags],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const named = new RegExp(`^.*Task ${RegExp.escape(name)}.*\n`);
  return { code, stdout: decode(stdout), stderr: decode(stderr).replace(named, "") };
}
