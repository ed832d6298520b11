import { createLogUpdate } from "log-update";
import pc from "picocolors";
import type { Progress, Task } from "../toolchain/progress";

/** Where no cursor can be moved, a task that goes on says so this often. */
const PLAIN_REPEAT_MS = 30_000;
const REDRAW_MS = 120;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

interface Running {
  title: string;
  detail: string;
  startedAt: number;
}

/** "48 s", "3 min 5 s". */
export function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Draws running tasks in place on a terminal; writes plain lines elsewhere. Everything goes to stderr. */
export function consoleProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new TerminalProgress(stream) : new PlainProgress(stream);
}

class TerminalProgress implements Progress {
  private readonly running = new Set<Running>();
  private readonly screen: ReturnType<typeof createLogUpdate>;
  private timer: NodeJS.Timeout | undefined;
  private frame = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.screen = createLogUpdate(stream);
  }

  start(title: string): Task {
    const entry: Running = { title, detail: "", startedAt: Date.now() };
    this.running.add(entry);
    this.timer ??= setInterval(() => this.draw(), REDRAW_MS);
    const end = (mark: string) => (detail?: string) => {
      if (!this.running.delete(entry)) return;
      this.print(`${mark} ${line(title, detail ?? "", entry.startedAt)}`);
    };
    return {
      update: (detail) => void (entry.detail = detail),
      done: end(pc.green("✔")),
      fail: end(pc.red("✖")),
    };
  }

  note(text: string): void {
    this.print(`${pc.yellow("•")} ${text}`);
  }

  private print(text: string): void {
    this.screen(text);
    this.screen.done();
    if (this.running.size > 0) this.draw();
    else {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  private draw(): void {
    const spinner = pc.cyan(FRAMES[this.frame++ % FRAMES.length]!);
    this.screen(
      [...this.running].map((r) => `${spinner} ${line(r.title, r.detail, r.startedAt)}`).join("\n"),
    );
  }
}

function line(title: string, detail: string, startedAt: number): string {
  const elapsed = formatElapsed(Date.now() - startedAt);
  return `${title}${detail ? pc.dim(` – ${detail}`) : ""} ${pc.dim(`(${elapsed})`)}`;
}

class PlainProgress implements Progress {
  constructor(private readonly stream: NodeJS.WritableStream) {}

  start(title: string): Task {
    const startedAt = Date.now();
    let detail = "";
    this.write(`${title} ...`);
    const timer = setInterval(
      () => this.write(`${title}: ${detail || "still running"} (${formatElapsed(Date.now() - startedAt)})`),
      PLAIN_REPEAT_MS,
    );
    timer.unref();
    const end = (word: string) => (last?: string) => {
      clearInterval(timer);
      this.write(`${title}: ${word}${last ? `, ${last}` : ""} (${formatElapsed(Date.now() - startedAt)})`);
    };
    return { update: (text) => void (detail = text), done: end("done"), fail: end("failed") };
  }

  note(text: string): void {
    this.write(text);
  }

  private write(text: string): void {
    this.stream.write(`${text}\n`);
  }
}
