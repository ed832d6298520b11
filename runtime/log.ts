import pino, { type Logger } from "pino";

const LEVEL_NAMES: Record<number, string> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};

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
  const options: pino.LoggerOptions = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ dest: 1, sync: true }));
  return pino(options, { write: (json: string) => void process.stdout.write(readableLine(json)) });
}
