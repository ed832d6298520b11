import type { Logger } from "pino";
import { messageOf } from "../message-of";
import type { LoadProblem } from "./registry-change";
import { scanRepository, type ModelFolder } from "./repository";
import { stampOf, stampText } from "./repository-stamp";

/** What is done about changes of the repository. */
export interface WatchActions {
  /** Resolves with what could not be loaded. */
  changed(folder: ModelFolder): Promise<readonly LoadProblem[]>;
  removed(name: string): Promise<unknown>;
}

interface Seen {
  /** What was last acted on. */
  applied: string;
  /** What was seen at the last look; acted on when it is seen again. */
  pending: string | undefined;
  /** How often in succession something of it could not be loaded. */
  failures: number;
  /** When that is tried again; Infinity for not before its files change. */
  retryAt: number;
}

/** The stamp of a folder that is not there. */
const GONE = "";

/** Milliseconds until what could not be loaded is tried again although its files are the same; doubled each time. */
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 600_000;
/** Tries after which its files must change: half an hour's worth. */
const MOST_RETRIES = 8;

/**
 * Looks at a repository again and again. A change is acted on when two looks have seen the same, so that a model that is
 * being copied is left alone until it is whole. What could not be loaded is tried again a few times: the reason may pass.
 */
export class RepositoryWatch {
  private readonly seen = new Map<string, Seen>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private unreadable = false;

  constructor(
    private readonly root: string,
    private readonly actions: WatchActions,
    private readonly log: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What the folders look like before they are loaded for the first time. */
  async begin(folders: readonly ModelFolder[]): Promise<void> {
    for (const folder of folders) {
      this.seen.set(folder.name, unfailed(stampText(await stampOf(folder))));
    }
  }

  /** Notes what became of a folder, so that what failed is tried again. */
  followed(name: string, problems: readonly LoadProblem[]): void {
    const seen = this.seen.get(name);
    if (!seen) return;
    if (!problems.some(({ lasting }) => !lasting)) {
      seen.failures = 0;
      return;
    }
    if (++seen.failures > MOST_RETRIES) {
      this.log.error({ model: name }, "what could not be loaded is not tried again before its files change");
      return;
    }
    seen.retryAt = this.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (seen.failures - 1));
  }

  /** Looks every so many seconds until `stop`. */
  start(seconds: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      // A load may take long, and other models need not wait for it.
      void this.actionsDue().finally(() => this.start(seconds));
    }, seconds * 1000);
    this.timer.unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Looks once; resolves when everything that was due is done. */
  async look(): Promise<void> {
    const { due } = await this.actionsDue();
    await Promise.all(due);
  }

  private async actionsDue(): Promise<{ due: Promise<unknown>[] }> {
    const found = new Map<string, ModelFolder>();
    try {
      for (const folder of await scanRepository(this.root, () => undefined)) found.set(folder.name, folder);
    } catch (error) {
      // A volume that is away for a moment is no reason to unload everything.
      if (!this.unreadable) this.log.error({ cause: messageOf(error) }, "the repository cannot be read");
      this.unreadable = true;
      return { due: [] };
    }
    this.unreadable = false;
    const due: Promise<unknown>[] = [];
    for (const [name, folder] of found) {
      const stamp = stampText(await stampOf(folder));
      if (this.settled(name, stamp) || this.isRetried(name, stamp)) due.push(this.follow(folder));
    }
    for (const name of [...this.seen.keys()].filter((known) => !found.has(known))) {
      if (!this.settled(name, GONE)) continue;
      this.seen.delete(name);
      due.push(this.done(name, this.actions.removed(name)));
    }
    return { due };
  }

  private follow(folder: ModelFolder): Promise<unknown> {
    const { name } = folder;
    const action = this.actions.changed(folder).then((problems) => this.followed(name, problems));
    return this.done(name, action);
  }

  /** Whether it is time to try again what could not be loaded from the same files. */
  private isRetried(name: string, stamp: string): boolean {
    const seen = this.seen.get(name)!;
    if (stamp !== seen.applied || seen.retryAt > this.now()) return false;
    // Not while this try is under way.
    seen.retryAt = Infinity;
    this.log.info({ model: name, attempt: seen.failures }, "what could not be loaded is tried again");
    return true;
  }

  /** What is wrong with a model is no reason to stop looking. */
  private done(model: string, action: Promise<unknown>): Promise<unknown> {
    return action.catch((error: unknown) =>
      this.log.error({ model, cause: messageOf(error) }, "a change of the repository could not be followed"),
    );
  }

  /** Whether something new has stayed the same for two looks. */
  private settled(name: string, stamp: string): boolean {
    let seen = this.seen.get(name);
    if (!seen) this.seen.set(name, (seen = unfailed(GONE)));
    const stable = stamp !== seen.applied && stamp === seen.pending;
    seen.pending = stamp;
    if (stable) {
      seen.applied = stamp;
      seen.failures = 0;
      seen.retryAt = Infinity;
    }
    return stable;
  }
}

function unfailed(applied: string): Seen {
  return { applied, pending: undefined, failures: 0, retryAt: Infinity };
}
