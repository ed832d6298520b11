/** Times the message of a stream that is arriving. A stream may be silent for ever, but not within a message, which holds memory. */
export class MessageTiming {
  private message: number | undefined;
  private milliseconds = 0;
  private lookedAt = 0;

  /**
   * Notes how things stand.
   * @param now milliseconds, `performance.now()`
   * @param message number of the message of which a part has come; undefined between messages
   * @param reading whether more of it is read: time in which it is not is ours and does not count
   * @returns milliseconds that the message has taken since the look that saw it first
   */
  look(now: number, message: number | undefined, reading: boolean): number {
    if (message === undefined || message !== this.message) this.milliseconds = 0;
    else if (reading) this.milliseconds += now - this.lookedAt;
    this.message = message;
    this.lookedAt = now;
    return this.milliseconds;
  }
}
