/** Lets at most so many things happen at a time; the others wait in the order in which they came. */
export class Permits {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A permit goes from hand to hand, so that nobody who comes later gets in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** Does one thing after the other. */
export class Sequence {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does, which begins when everything asked for before has ended. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything asked for so far has ended. */
  async idle(): Promise<void> {
    await this.last;
  }
}
