import type { Logger } from "pino";
import { messageOf } from "../message-of";
import { scanRepository, type ModelFolder } from "./repository";
import { stampOf, stampText } from "./repository-stamp";

/** What is done about changes of the repository. */
export interface WatchActions {
  changed(folder: ModelFolder): Promise<unknown>;
  removed(name: string): Promise<unknown>;
}

interface Seen {
  /** What was last acted on. */
  applied: string;
  /** What was seen at the last look; acted on when it is seen again. */
  pending: string | undefined;
}

/** The stamp of a folder that is not there. */
const GONE = "";

/**
 * Looks at a repository again and again. A change is acted on when two looks have seen the same, so that a model that is
 * being copied is left alone until it is whole.
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
  ) {}

  /** What the folders look like before they are loaded for the first time. */
  async begin(folders: readonly ModelFolder[]): Promise<void> {
    for (const folder of folders) {
      this.seen.set(folder.name, { applied: stampText(await stampOf(folder)), pending: undefined });
    }
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
      if (!this.settled(name, stampText(await stampOf(folder)))) continue;
      due.push(this.done(name, this.actions.changed(folder)));
    }
    for (const name of [...this.seen.keys()].filter((known) => !found.has(known))) {
      if (!this.settled(name, GONE)) continue;
      this.seen.delete(name);
      due.push(this.done(name, this.actions.removed(name)));
    }
    return { due };
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
    if (!seen) this.seen.set(name, (seen = { applied: GONE, pending: undefined }));
    const stable = stamp !== seen.applied && stamp === seen.pending;
    seen.pending = stamp;
    if (stable) seen.applied = stamp;
    return stable;
  }
}
