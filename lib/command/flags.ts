/** Flags of the milestone commands: parsed by commander, failures are one line and exit code 1. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { StoppedError, UsageError } from "../errors.ts";

export { Option };

/** A command named as it is called, `deno task milestone:lm`, that throws instead of exiting. */
export function createCommand(name: string, description: string): Command {
  return new Command(name).description(description).helpOption(
    "-h, --help",
    "show this help",
  )
    .configureHelp({ helpWidth: 80 }).exitOverride().configureOutput({
      writeErr: () => {},
    })
    .allowExcessArguments(false).showSuggestionAfterError(true);
}

/** A commander argument parser for whole numbers of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) {
      return value;
    }
    throw new InvalidArgumentError(
      `Expected a whole number of at least ${least}.`,
    );
  };
}

/** A commander argument parser for finite numbers above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

/** What engines and our own backends throw when an array finds no room. */
function isShortOfMemory(error: unknown): error is RangeError {
  return error instanceof RangeError &&
    /allocation failed|in the memory of the|Invalid (typed )?(array|string) length/.test(
      error.message,
    );
}

/** What shells say of a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs a command's work and ends the process: 0 when done, 1 with one line on standard error when
 * the person can mend it, 130 when they stopped it, 1 with the stack when it is our fault.
 *
 * @param options.goOn how to go on with work that was stopped
 */
export async function runCommand(
  work: () => Promise<void>,
  { goOn = "what was done is kept" } = {},
): Promise<never> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) Deno.exit(0);
      const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
      const unknown = error.code === "commander.unknownOption";
      console.error(unknown ? `${message}; --help lists the options` : message);
    } else if (error instanceof StoppedError) {
      console.error(`${error.message}; ${goOn}`);
      Deno.exit(INTERRUPTED);
    } else if (error instanceof UsageError) console.error(error.message);
    else if (isShortOfMemory(error)) {
      console.error(
        `Expected enough memory, got: ${error.message}; what was written before is kept`,
      );
    } else console.error(error);
    Deno.exit(1);
  }
  Deno.exit(0);
}
