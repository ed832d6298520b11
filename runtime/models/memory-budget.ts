/** Something that is loaded and may be evicted. */
export interface Tenant {
  /** Bytes that it holds. */
  readonly memoryBytes: number;
  /** `performance.now()` of its last request. */
  readonly lastUsed: number;
  /** Whether it may go: no request is under way and no load. */
  isIdle(): boolean;
  /** Takes it out; resolves when its memory is free. */
  evict(): Promise<void>;
}

/** What became of a request for memory. */
export type Admission = "granted" | "full" | "never";

/** Bytes that a worker thread takes beside its session: its heap and its copy of the code. Measured. */
const WORKER_BYTES = 11 * 1024 * 1024;

/**
 * A session's memory over the size of its files, for models of 0.5 to 11 MB: weights as they are, weights rearranged for
 * the processor, and the arena. Measured as growth of the resident set.
 */
const SESSION_FACTOR = 3.8;

/** Milliseconds until idle tenants are looked for again where more is held than there is, because all were in use. */
const NEXT_LOOK_MS = 1000;

/** Bytes that a version is expected to hold before anybody could measure. */
export function expectedBytes(fileBytes: number, instances: number): number {
  return heldBytes(fileBytes * SESSION_FACTOR * instances, instances);
}

/** Bytes that sessions hold together with their threads. */
export function heldBytes(sessionBytes: number, instances: number): number {
  return Math.ceil(sessionBytes + instances * WORKER_BYTES);
}

/**
 * Shares memory among models that together may need more than there is: who was used last stays, who was not used for
 * longest goes, who is in use never does.
 */
export class MemoryBudget {
  private readonly tenants = new Set<Tenant>();
  /** Granted to loads that are under way. */
  private readonly promised = new Map<object, number>();
  private nextLook: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param limit bytes; 0 for no limit */
  constructor(
    readonly limit: number,
    private readonly nextLookMs = NEXT_LOOK_MS,
  ) {}

  get usedBytes(): number {
    let bytes = 0;
    for (const tenant of this.tenants) bytes += tenant.memoryBytes;
    for (const promise of this.promised.values()) bytes += promise;
    return bytes;
  }

  /**
   * Grants memory to a load, which must end with `settle`.
   * @param evicting whether idle tenants may be taken out for it
   * @param replaced what the load takes the place of: for the moment of the swap both may be there
   */
  async admit(load: object, bytes: number, evicting: boolean, replaced?: Tenant): Promise<Admission> {
    if (this.limit === 0) return "granted";
    if (bytes > this.limit) return "never";
    const evicted = this.victims(bytes - (replaced?.memoryBytes ?? 0), evicting, replaced);
    if (!evicted) return "full";
    // Counted before anything is awaited, so that two loads cannot be granted the same bytes.
    this.promised.set(load, Math.max(0, bytes - (replaced?.memoryBytes ?? 0)));
    await this.evict(evicted);
    return "granted";
  }

  /** A load has ended, with this tenant where it succeeded. It may hold more than was expected of it: others go then. */
  async settle(load: object, tenant?: Tenant): Promise<void> {
    this.promised.delete(load);
    if (!tenant) return;
    this.tenants.add(tenant);
    await this.relieve(tenant);
  }

  /** A tenant's memory is free again. */
  remove(tenant: Tenant): void {
    this.tenants.delete(tenant);
  }

  /** Looks for nobody any more. */
  close(): void {
    this.closed = true;
    clearTimeout(this.nextLook);
  }

  /** Takes out what is idle of what is too much, and the rest as soon as it is idle. */
  private async relieve(kept?: Tenant): Promise<void> {
    if (this.limit === 0 || this.closed) return;
    const missing = this.usedBytes - this.limit;
    if (missing <= 0) return;
    const evicted = this.longestUnused(missing, kept);
    const left = missing - evicted.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    if (left > 0) this.lookAgain();
    await this.evict(evicted);
  }

  private lookAgain(): void {
    clearTimeout(this.nextLook);
    // Requests are not to pay for telling when they leave a model idle.
    this.nextLook = setTimeout(() => void this.relieve(), this.nextLookMs);
    this.nextLook.unref();
  }

  /** Idle tenants, longest unused first, without which `bytes` more fit; undefined where even that is not enough. */
  private victims(bytes: number, evicting: boolean, kept: Tenant | undefined): Tenant[] | undefined {
    const missing = this.usedBytes + bytes - this.limit;
    if (missing <= 0) return [];
    if (!evicting) return undefined;
    const chosen = this.longestUnused(missing, kept);
    const free = chosen.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    return free >= missing ? chosen : undefined;
  }

  /** Idle tenants that hold so much together, or all of them. */
  private longestUnused(bytes: number, kept: Tenant | undefined): Tenant[] {
    const idle = [...this.tenants]
      .filter((tenant) => tenant !== kept && tenant.memoryBytes > 0 && tenant.isIdle())
      .sort((a, b) => a.lastUsed - b.lastUsed);
    const chosen: Tenant[] = [];
    let missing = bytes;
    for (const tenant of idle) {
      if (missing <= 0) break;
      chosen.push(tenant);
      missing -= tenant.memoryBytes;
    }
    return chosen;
  }

  private async evict(tenants: readonly Tenant[]): Promise<void> {
    for (const tenant of tenants) this.tenants.delete(tenant);
    await Promise.all(tenants.map((tenant) => tenant.evict()));
  }
}
