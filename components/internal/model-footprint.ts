import { byteCount } from "./quantity";

const MI = 2 ** 20;

/** Bytes per second of a download that is slow but not broken: an eighth of a gigabit, shared by the pods that start. */
const FETCH_RATE = 16 * MI;

/** Bytes per second of reading weights and making a session of them: half of what a gp3 volume gives without extra charge. */
const LOAD_RATE = 64 * MI;

/** What files take on disk beyond their size, in percent. */
const STORAGE_MARGIN = 25;

const UNITS = [
  ["Ti", 2 ** 40],
  ["Gi", 2 ** 30],
  ["Mi", MI],
] as const;

/** Seconds that fetching the models may take at worst. */
export function fetchTime(modelBytes: number): number {
  return Math.ceil(modelBytes / FETCH_RATE);
}

/** Seconds that loading the models may take at worst. */
export function loadTime(modelBytes: number): number {
  return Math.ceil(modelBytes / LOAD_RATE);
}

/** Bytes of disk that a pod reserves for its models. */
export function storageBytes(modelBytes: number): number {
  return Math.ceil((modelBytes * (100 + STORAGE_MARGIN)) / 100);
}

/** Bytes of disk that a pod may use for its models: an archive lies there beside what is unpacked of it. */
export function mostStorageBytes(modelBytes: number): number {
  return modelBytes + storageBytes(modelBytes);
}

/** A quantity and so many bytes more, in full MiB. */
export function enlarged(quantity: string, bytes: number): string {
  return bytes === 0 ? quantity : byteQuantity((byteCount(quantity) ?? 0) + bytes);
}

/** Canonical form in full MiB, as the API server stores it: 2048Mi would come back as 2Gi and look like a change. */
export function byteQuantity(bytes: number): string {
  const whole = Math.ceil(bytes / MI) * MI;
  const [unit, size] = UNITS.find(([, each]) => whole % each === 0)!;
  return `${whole / size}${unit}`;
}
