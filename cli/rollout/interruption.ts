import { endChildren } from "../children";

const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(STATUS) as (keyof typeof STATUS)[];

/** A first signal is noted, so that what is being done ends in order; a second one ends the process. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Exit status that the signal asks for; undefined while there was none. */
  readonly status: () => number | undefined;
  /** Signals do again what they did before. */
  readonly release: () => void;
}

export function noteInterruption(say: (line: string) => void): Interruption {
  const end = new AbortController();
  let status: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (end.signal.aborted) {
      endChildren();
      process.exit(status);
    }
    status = STATUS[signal as keyof typeof STATUS];
    say("Interrupted: what is being done ends first; once more ends it at once.");
    end.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: end.signal,
    status: () => status,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
