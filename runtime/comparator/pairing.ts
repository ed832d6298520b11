import { SLOTS, type Slot } from "../../rollout/declaration";
import type { SampledAnswer } from "./sampled-answer";

export interface PairingLimits {
  /** Bytes of answers that may wait for their other halves. */
  readonly maxBytes: number;
  /** Milliseconds that an answer waits. */
  readonly timeoutMs: number;
}

/** Why an answer is given up: its other half never came, or room was needed. */
export type Unpaired = "timeout" | "room";

export interface PairingListener {
  paired(model: string, requestId: string, answers: Readonly<Record<Slot, SampledAnswer>>): void;
  unpaired(slot: Slot, reason: Unpaired): void;
}

interface Half {
  readonly slot: Slot;
  readonly answer: SampledAnswer;
  readonly bytes: number;
  readonly until: number;
}

/** What a waiting answer costs beside its text. */
const OVERHEAD_BYTES = 500;

/** Brings both slots' answers to a request together. The oldest ones make room for new ones. */
export class Pairing {
  /** In the order in which they came, which is that of their ends. */
  private readonly waiting = new Map<string, Half>();
  private held = 0;

  constructor(
    private readonly limits: PairingLimits,
    private readonly listener: PairingListener,
  ) {}

  get count(): number {
    return this.waiting.size;
  }

  get bytes(): number {
    return this.held;
  }

  /**
   * Takes a slot's answer. A second one of the same slot to the same request, as of a retry, is passed over.
   * @param bytes of its text
   * @param now milliseconds of a clock that never goes back
   */
  offer(slot: Slot, answer: SampledAnswer, bytes: number, now: number): void {
    this.expire(now);
    const { model, requestId } = answer;
    const key = JSON.stringify([model, requestId]);
    const other = this.waiting.get(key);
    if (other?.slot === slot) return;
    if (other !== undefined) {
      this.remove(key, other);
      const answers = { [slot]: answer, [other.slot]: other.answer } as Record<Slot, SampledAnswer>;
      this.listener.paired(model, requestId, answers);
      return;
    }
    const half = { slot, answer, bytes: bytes + OVERHEAD_BYTES, until: now + this.limits.timeoutMs };
    if (half.bytes > this.limits.maxBytes) {
      this.listener.unpaired(slot, "room");
      return;
    }
    this.makeRoom(half.bytes);
    this.waiting.set(key, half);
    this.held += half.bytes;
  }

  /** Gives up what has waited too long. */
  expire(now: number): void {
    for (const [key, half] of this.waiting) {
      if (half.until > now) return;
      this.remove(key, half);
      this.listener.unpaired(half.slot, "timeout");
    }
  }

  private makeRoom(bytes: number): void {
    for (const [key, half] of this.waiting) {
      if (this.held + bytes <= this.limits.maxBytes) return;
      this.remove(key, half);
      this.listener.unpaired(half.slot, "room");
    }
  }

  private remove(key: string, half: Half): void {
    this.waiting.delete(key);
    this.held -= half.bytes;
  }
}

export const isSlot = (text: string): text is Slot => (SLOTS as readonly string[]).includes(text);
