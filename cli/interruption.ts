import { SlipwayError } from "../toolchain/errors";
import { endEngine, engineIsBusy } from "./engine/in-progress";

/** As a shell reports an end by these signals. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof EXIT_STATUS;

const SENTENCE = {
  up: "interrupted; `npm run up` goes on from here, `npm run down` takes down what was started",
  down: "interrupted; `npm run down` goes on from here",
};

/**
 * Runs `work` so that SIGINT and SIGTERM end it in order: the engine finishes what it has begun and writes its state down,
 * then the returned promise rejects with one sentence. A second signal ends the process at once.
 */
export async function interruptible<T>(
  name: "up" | "down",
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  let wasInterrupted = false;
  let interrupt: (error: SlipwayError) => void;
  const interrupted = new Promise<never>((_, reject) => (interrupt = reject));
  interrupted.catch(() => undefined);
  const onSignal = (signal: EndingSignal) => {
    if (wasInterrupted) process.exit(EXIT_STATUS[signal]);
    wasInterrupted = true;
    if (engineIsBusy()) say("Interrupted: the engine ends what it has begun; once more ends it at once.");
    const byTerminal = signal === "SIGINT" && process.stdin.isTTY;
    void endEngine(!byTerminal).then(() => interrupt(new SlipwayError(SENTENCE[name], EXIT_STATUS[signal])));
  };
  const signals = Object.keys(EXIT_STATUS) as EndingSignal[];
  for (const signal of signals) process.on(signal, onSignal);
  try {
    // What the parts of the work say about being cut off is not what a person who pressed Ctrl-C wants to read.
    const outcome = work().catch((error: unknown) => {
      if (wasInterrupted) return interrupted;
      throw error;
    });
    return await Promise.race([interrupted, outcome]);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
