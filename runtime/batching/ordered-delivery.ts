/** Answers that were handed on and may be kept in the list before it is cut. */
const SLACK = 1024;

/** Hands answers on in the order in which their requests were announced. */
export class OrderedDelivery {
  /** What hands an answer on; undefined until it is there. */
  private readonly waiting: ((() => void) | undefined)[] = [];
  /** Number of the request at the head of the list. */
  private base = 0;
  /** Where in the list the oldest stands that was not handed on. */
  private next = 0;

  /** Announces a request. @returns what takes its answer, once, and hands it on when all earlier ones have been */
  announce(): (handOn: () => void) => void {
    const number = this.base + this.waiting.push(undefined) - 1;
    return (handOn) => {
      this.waiting[number - this.base] = handOn;
      this.advance();
    };
  }

  private advance(): void {
    const { waiting } = this;
    for (let handOn = waiting[this.next]; handOn; handOn = waiting[this.next]) {
      waiting[this.next++] = undefined;
      handOn();
    }
    if (this.next < waiting.length && this.next < SLACK) return;
    waiting.splice(0, this.next);
    this.base += this.next;
    this.next = 0;
  }
}
