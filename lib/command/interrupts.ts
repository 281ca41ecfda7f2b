/** Ctrl-C while something is under way that can stop in good order. */

/** Listens for Ctrl-C. */
export interface InterruptWatch {
  /** Whether somebody pressed it. Lets the system tell us first, which pure computation never does. */
  requested(): Promise<boolean>;
  /** Stops listening. */
  [Symbol.dispose](): void;
}

/**
 * Listens for the first Ctrl-C and says so on standard error; a second one ends the process at once, as
 * it does without listening.
 */
export function watchInterrupts(): InterruptWatch {
  let pressed = false;
  const listen = () => {
    pressed = true;
    stopListening();
    console.error("\nStopping after this step; Ctrl-C again stops at once");
  };
  const stopListening = () => Deno.removeSignalListener("SIGINT", listen);
  Deno.addSignalListener("SIGINT", listen);
  return {
    requested: async () => {
      if (!pressed) await new Promise((resolve) => setTimeout(resolve));
      return pressed;
    },
    [Symbol.dispose]: stopListening,
  };
}
