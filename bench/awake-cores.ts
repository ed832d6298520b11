import { spawn, type ChildProcess } from "node:child_process";
import { pinned, type Cores } from "./cores";

/** Ends with whoever started it, however that ends: its standard input closes then. */
const SPIN = `
process.stdin.resume().on("end", () => process.exit());
const spin = () => {
  for (const until = Date.now() + 20; Date.now() < until; );
  setImmediate(spin);
};
spin();
`;

/**
 * Keeps the cores from falling asleep while something is measured, by work that gives way to all other (SCHED_IDLE). A core of a
 * virtual machine takes up to a millisecond to wake, and a server with few callers would be measured by that: two callers got twice as
 * many answers with it. Without `chrt` cores sleep as they like.
 */
export async function withAwakeCores<T>(
  { server, load }: Cores,
  use: (spinners: readonly number[]) => Promise<T>,
): Promise<T> {
  const started = await Promise.all(
    [server, load].filter((core) => core !== undefined).map((core) => start(core)),
  );
  const spinners = started.filter((spinner) => spinner !== undefined);
  try {
    return await use(spinners.map(({ pid }) => pid!));
  } finally {
    await Promise.all(spinners.map(stop));
  }
}

function start(core: number): Promise<ChildProcess | undefined> {
  const [program, ...args] = ["chrt", "--idle", "0", ...pinned(core, [process.execPath, "-e", SPIN])];
  const child = spawn(program!, args, { stdio: ["pipe", "ignore", "ignore"] });
  return new Promise((resolve) => {
    child.once("spawn", () => resolve(child));
    child.once("error", () => resolve(undefined));
  });
}

function stop(spinner: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (spinner.exitCode !== null || spinner.signalCode !== null) return resolve();
    spinner.once("exit", () => resolve());
    spinner.kill("SIGKILL");
  });
}
