import { setTimeout as sleep } from "node:timers/promises";

/** An object that can be told from others of its kind. */
export interface Named {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

/** Where objects of one kind come from. */
export interface Source<T> {
  list(signal: AbortSignal): Promise<{ items: readonly T[]; resourceVersion: string }>;
  /** Reports what changes after `resourceVersion`; settles when the server ends the watch, rejects on an error. */
  watch(resourceVersion: string, onEvent: (event: WatchEvent<T>) => void, signal: AbortSignal): Promise<void>;
}

export interface MirrorOptions {
  /** Called after every change, the first complete list included. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  /** First wait after a failure, doubled with each further one. @default 200 */
  readonly minimumDelayMs?: number;
  /** @default 10000 */
  readonly maximumDelayMs?: number;
}

/**
 * A copy of all objects of one kind. After every interruption it lists anew rather than resuming, so that it is right
 * also when the server's store was rebuilt and its versions started over. While the server is away it keeps what it has.
 */
export class Mirror<T extends Named> {
  private known = new Map<string, T>();
  private synced = false;

  constructor(
    private readonly source: Source<T>,
    private readonly options: MirrorOptions,
  ) {}

  /** Whether one complete list has arrived. */
  get isSynced(): boolean {
    return this.synced;
  }

  get objects(): T[] {
    return [...this.known.values()];
  }

  /** Follows the server until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { minimumDelayMs = 200, maximumDelayMs = 10_000, onError } = this.options;
    let delay = minimumDelayMs;
    while (!signal.aborted) {
      const started = Date.now();
      try {
        await this.follow(signal);
      } catch (error) {
        if (!signal.aborted) {
          onError(error);
        }
      }
      // A watch that lasted was healthy: its end is the server's routine, and changes must not wait.
      delay = Date.now() - started > maximumDelayMs ? minimumDelayMs : Math.min(delay * 2, maximumDelayMs);
      await sleep(delay, undefined, { signal }).catch(() => undefined);
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { items, resourceVersion } = await this.source.list(signal);
    this.known = new Map(items.map((item) => [keyOf(item), item]));
    this.synced = true;
    this.options.onChange();
    await this.source.watch(resourceVersion, (event) => this.take(event), signal);
  }

  private take({ type, object }: WatchEvent<T>): void {
    if (type === "DELETED") {
      this.known.delete(keyOf(object));
    } else {
      this.known.set(keyOf(object), object);
    }
    this.options.onChange();
  }
}

function keyOf({ metadata }: Named): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}
