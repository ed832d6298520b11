import type { Tensor } from "./tensor";

/** Looks at answers on their way to clients. Must return at once, never throw, and change nothing. */
export interface AnswerWatch {
  watch(model: string, requestId: string | undefined, answer: Promise<Tensor[]>): void;
}
