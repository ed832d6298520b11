import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface RunningChild {
  close(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;

/**
 * Starts a program and waits until an address of it answers; it ends with this process at the latest.
 * @throws Error with the last that it said on stderr, where it does not answer in time
 */
export async function startChild(
  name: string,
  command: readonly string[],
  readyUrl: string,
): Promise<RunningChild> {
  const [program, ...args] = command;
  const child = spawn(program!, args, { stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "exit");
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
  };
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await sleep(50)) {
    if (await answers(readyUrl)) return { close };
    if (child.exitCode === null && Date.now() < deadline) continue;
    await close();
    throw new Error(`${name} did not start: ${said.slice(-2000)}`);
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
