const CPU = /^(\d+(?:\.\d{1,3})?|\d+m)$/;
const BYTES = /^\d+(Ki|Mi|Gi|Ti|k|M|G|T)?$/;
const BYTE_UNITS: Record<string, number> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Thousandths of a core of a Kubernetes CPU quantity ("250m", "1", "1.5"); undefined where it is none. */
export function milliCores(quantity: string): number | undefined {
  if (!CPU.test(quantity)) return undefined;
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Math.round(Number(quantity) * 1000);
}

/** Bytes of a Kubernetes memory quantity ("512Mi", "2Gi"); undefined where it is none. */
export function byteCount(quantity: string): number | undefined {
  const match = BYTES.exec(quantity);
  if (!match) return undefined;
  const unit = match[1] ?? "";
  return Number(quantity.slice(0, quantity.length - unit.length)) * (BYTE_UNITS[unit] ?? 1);
}
