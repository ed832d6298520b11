import { spawn } from "node:child_process";
import { SlipwayError } from "../../errors";
import { chains, ipsetRestore, iptablesRestore, prefix, type Ruleset } from "./ruleset";

/** Runs a program with text on its standard input and returns its standard output. */
export type RunCommand = (command: string, args: readonly string[], input?: string) => Promise<string>;

/** Hooks that packets from and to pods pass: routed ones, and those that end at the node itself. */
const hooks = ["FORWARD", "INPUT"] as const;

/** Seconds to wait for another program's lock on the tables. */
const lockWait = "10";

/**
 * Makes the kernel of this network namespace hold the ruleset. A reader sees either all of the old rules or all of the
 * new ones: new address sets are filled before any rule refers to them, then the rules change in one transaction, then
 * the sets that nothing refers to any more go. What it did stays when this program ends.
 *
 * @throws SlipwayError if a program is missing or refuses
 */
export async function applyRuleset(ruleset: Ruleset, run: RunCommand = runCommand): Promise<void> {
  await run("ipset", ["restore", "-exist"], ipsetRestore(ruleset.ipsets));
  await run("iptables-restore", ["-w", lockWait, "--noflush"], iptablesRestore(ruleset.rules));
  for (const hook of hooks) {
    await insertHook(hook, run);
  }
  const used = new Set(ruleset.ipsets.map((set) => set.name));
  const present = (await run("ipset", ["list", "-name"])).split("\n");
  for (const name of present.filter((each) => each.startsWith(`${prefix}-`) && !used.has(each))) {
    // The kernel lets go of replaced rules a little later; a set that is still held goes the next time.
    await run("ipset", ["destroy", name]).catch(() => undefined);
  }
}

async function insertHook(hook: string, run: RunCommand): Promise<void> {
  const table = ["-w", lockWait, "-t", "mangle"];
  try {
    await run("iptables", [...table, "-C", hook, "-j", chains.entry]);
  } catch {
    await run("iptables", [...table, "-I", hook, "1", "-j", chains.entry]);
  }
}

/** Runs a program of the Debian packages `iptables` or `ipset`. */
export const runCommand: RunCommand = (command, args, input = "") =>
  new Promise((resolve, reject) => {
    // They live in /usr/sbin, which is not on every PATH.
    const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
    const child = spawn(command, args, { env: { ...process.env, PATH: path } });
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new SlipwayError(`"${command}" was not found: install the Debian packages iptables and ipset.`)
          : error,
      );
    });
    child.once("close", (code) => {
      if (code === 0) {
        resolve(Buffer.concat(output).toString());
        return;
      }
      const reason = Buffer.concat(complaints).toString().trim().replace(/\s+/g, " ");
      reject(new SlipwayError(`\`${[command, ...args].join(" ")}\` ended with status ${code}: ${reason}`));
    });
    // A program that ends early closes its input; its exit status says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
