/** Bounds how many messages are in flight: whoever wants to hand over another one waits for room. */
export class Slots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];
  private idle: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  get inUse(): number {
    return this.taken;
  }

  async take(): Promise<void> {
    if (this.taken >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.taken++;
  }

  release(): void {
    // The slot passes on to whoever waits, and stays taken.
    const next = this.waiting.shift();
    if (next) return next();
    this.taken--;
    if (this.taken === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Resolves when nothing is in flight. */
  async empty(): Promise<void> {
    if (this.taken > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }
}
