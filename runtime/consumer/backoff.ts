/** Seconds before the next attempt: doubled each time up to `most`, of which a random half is taken off to spread retries. */
export function backoff(attempt: number, first: number, most: number, random = Math.random): number {
  const full = Math.min(most, first * 2 ** Math.min(attempt - 1, 30));
  return full * (0.5 + random() / 2);
}

/** Waits that can be ended early, all at once. */
export class Waits {
  private readonly ends = new Set<() => void>();
  private ended = false;

  /** @returns false where the wait was ended early */
  async wait(seconds: number): Promise<boolean> {
    if (this.ended) return false;
    return new Promise<boolean>((resolve) => {
      const settle = (whole: boolean) => {
        clearTimeout(timer);
        this.ends.delete(end);
        resolve(whole);
      };
      const end = () => settle(false);
      const timer = setTimeout(() => settle(true), seconds * 1000);
      this.ends.add(end);
    });
  }

  endAll(): void {
    this.ended = true;
    for (const end of [...this.ends]) end();
  }
}
