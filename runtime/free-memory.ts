import { MessageChannel, type MessagePort } from "node:worker_threads";

/** Bytes from which memory is given back by hand. */
export const WORTH_FREEING = 16 * 1024;

/** A port without another end: what is transferred to it is gone. */
let nowhere: MessagePort | undefined;

/**
 * Gives memory back at once that nobody will look at again; every view of it is empty from then on. V8's own heap is small here, so
 * that it looks through all of it for each ten megabytes of bodies that it has not freed yet: three times a second under JSON
 * of 130 kB each, for a twentieth of the processor (measured by `--trace-gc`).
 * @param view short ones are left alone; of others all of the buffer goes that they are of. Its caller's own: nothing may read from it
 * any more, not even a socket that it was written to
 */
export function freeMemory(view: ArrayBufferView): void {
  if (view.byteLength < WORTH_FREEING || !(view.buffer instanceof ArrayBuffer)) return;
  (nowhere ??= openNowhere()).postMessage(null, [view.buffer]);
}

/** Whether others may have a part of the memory that `freeMemory` would give back. */
export function isShared(view: ArrayBufferView): boolean {
  return view.byteLength >= WORTH_FREEING && view.byteLength < view.buffer.byteLength;
}

function openNowhere(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
