import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Journal } from "../../rollout/plan-journal";
import { SlipwayError } from "../../toolchain/errors";
import { stateDir } from "../../toolchain/paths";
import { writePrivate } from "../local-session";

/** Another command took the service's traffic over. */
export class TakenOver extends SlipwayError {}

/** Where the journals of a profile's services lie. */
export const journalDir = (profile: string): string => join(stateDir(), "rollouts", profile);

/** What a service's last command wrote down, on this machine. Files are written whole: half a journal is never found. */
export class JournalFile {
  private readonly file: string;
  /** Written by a command that another must make room for. */
  private readonly claim: string;

  constructor(profile: string, service: string) {
    const folder = journalDir(profile);
    this.file = join(folder, `${service}.json`);
    this.claim = join(folder, `${service}.claim`);
  }

  read(): Journal | undefined {
    if (!existsSync(this.file)) return undefined;
    let content: Partial<Journal> | null;
    try {
      content = JSON.parse(readFileSync(this.file, "utf8")) as Partial<Journal> | null;
    } catch {
      throw this.unusable("is not JSON");
    }
    if (!Array.isArray(content?.steps) || typeof content.cursor !== "number" || !content.origin)
      throw this.unusable("is no journal of a command");
    return content as Journal;
  }

  private unusable(why: string): SlipwayError {
    return new SlipwayError(`${this.file} ${why}; remove it, and \`slipway status\` shows what is so`);
  }

  write(journal: Journal): void {
    writePrivate(this.file, `${JSON.stringify(journal, null, 2)}\n`);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  /** Tells a walk that is on to stop before its next action. */
  claimFor(id: string): void {
    writePrivate(this.claim, id);
  }

  /** This command's journal becomes the service's; only while no other command is at work. */
  takeOver(journal: Journal): void {
    rmSync(this.claim, { force: true });
    this.write(journal);
  }

  /** Whoever was at work until now wrote its own journal: with a claim it is replaced. */
  retake(journal: Journal): void {
    if (this.claimant() === journal.id) this.write(journal);
  }

  releaseClaim(id: string): void {
    if (this.claimant() === id) rmSync(this.claim, { force: true });
  }

  private claimant(): string | undefined {
    try {
      return readFileSync(this.claim, "utf8");
    } catch {
      return undefined;
    }
  }

  /** @throws TakenOver where this command's journal is not the service's any more */
  assertMine(id: string): void {
    const claimant = this.claimant();
    const current = this.read();
    if ((claimant === undefined || claimant === id) && current?.id === id) return;
    const by =
      current && current.id !== id ? `\`slipway ${current.command}\` of ${current.by}` : "another command";
    throw new TakenOver(`${by} took the service over; this one stops`);
  }
}
