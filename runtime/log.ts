import pino, { type Logger } from "pino";

const LEVEL_NAMES: Record<number, string> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};

/** Characters of an error's message, and frames of its stack, that are logged. */
const LONGEST_MESSAGE = 500;
const DEEPEST_STACK = 15;
/** Causes of causes that are followed. */
const DEEPEST_CAUSE = 3;

/**
 * What is logged of an error: its words and where it came from. Not its further fields, as pino would have it: libraries
 * keep requests and buffers in them, and a payload has no place in a log.
 */
export function loggedError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, LONGEST_MESSAGE);
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type: name,
    message: message.slice(0, LONGEST_MESSAGE),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    stack: frames
      .slice(0, DEEPEST_STACK)
      .map((line) => line.trim())
      .join("\n"),
    ...(cause !== undefined && depth < DEEPEST_CAUSE ? { cause: loggedError(cause, depth + 1) } : {}),
  };
}

/** One line for a person: time, level, message, then the fields. */
function readableLine(json: string): string {
  const { time, level, msg, ...fields } = JSON.parse(json) as { time: string; level: number; msg?: string };
  const rest = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
  return `${time.slice(11, 19)} ${(LEVEL_NAMES[level] ?? String(level)).padEnd(5)} ${msg ?? ""}${rest ? `  ${rest}` : ""}\n`;
}

/** Logs to stdout: JSON lines, or readable ones where a person watches. */
export function createLogger(level: string): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => loggedError(error) },
  };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ dest: 1, sync: true }));
  return pino(options, { write: (json: string) => void process.stdout.write(readableLine(json)) });
}
