/** Ctrl-C while something is under way that can stop in good order. */

/** Listens for Ctrl-C. */
export interface InterruptWatch {
  /** Whether somebody pressed it. Lets the system tell us first, which pure computation never does. */
  requested(): Promise<boolean>;
  /** Stops listening. */
  [Symbol.dispose](): void;
}

/** How often the system is let in, in milliseconds. */
const LISTEN_EVERY = 50;

/**
 * Listens for the first Ctrl-C and says so on standard error; a second one ends the process at once, as
 * it does without listening.
 */
export function watchInterrupts(): InterruptWatch {
  let pressed = false;
  let listened = 0;
  const listen = () => {
    pressed = true;
    stopListening();
    console.error("\nStopping after this step; Ctrl-C again stops at once");
  };
  const stopListening = () => Deno.removeSignalListener("SIGINT", listen);
  Deno.addSignalListener("SIGINT", listen);
  return {
    requested: async () => {
      if (pressed || performance.now() - listened < LISTEN_EVERY) return pressed; // a timer takes a millisecond
      await new Promise((resolve) => setTimeout(resolve));
      listened = performance.now();
      return pressed;
    },
    [Symbol.dispose]: stopListening,
  };
}
