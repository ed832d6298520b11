import { readSync } from "node:fs";
import type { Bytes } from "../models/external-data";

/** Bytes that are read at a time. */
const WINDOW = 64 * 1024;

/** Characters of a text that are read: names of files are shorter, and nothing else is asked for. */
const LONGEST_TEXT = 4096;

/** What was read last, shared by all parts of a file. */
interface Window {
  readonly bytes: Buffer;
  start: number;
  end: number;
}

/** A file, or a part of it, of which only what is looked at is read: a model may be larger than the memory of who fetches it. */
export class FileBytes implements Bytes {
  constructor(
    private readonly fd: number,
    readonly length: number,
    private readonly start = 0,
    private readonly window: Window = { bytes: Buffer.allocUnsafe(WINDOW), start: 0, end: 0 },
  ) {}

  at(offset: number): number | undefined {
    if (offset >= this.length) return undefined;
    const { window } = this;
    const place = this.start + offset;
    if (place < window.start || place >= window.end) this.read(place);
    return place < window.end ? window.bytes[place - window.start] : undefined;
  }

  subarray(start: number, end: number): FileBytes {
    return new FileBytes(this.fd, end - start, this.start + start, this.window);
  }

  toString(encoding: "utf8"): string {
    const text = Buffer.allocUnsafe(Math.min(this.length, LONGEST_TEXT));
    return text.toString(encoding, 0, readSync(this.fd, text, 0, text.length, this.start));
  }

  private read(place: number): void {
    const { window } = this;
    window.start = place;
    window.end = place + readSync(this.fd, window.bytes, 0, WINDOW, place);
  }
}
