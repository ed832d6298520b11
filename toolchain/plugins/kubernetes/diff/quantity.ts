const SUFFIXES: { readonly [suffix: string]: bigint } = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  "": 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 2n ** 10n * 10n ** 9n,
  Mi: 2n ** 20n * 10n ** 9n,
  Gi: 2n ** 30n * 10n ** 9n,
  Ti: 2n ** 40n * 10n ** 9n,
  Pi: 2n ** 50n * 10n ** 9n,
  Ei: 2n ** 60n * 10n ** 9n,
};

/** A Kubernetes quantity such as `500m` or `1.5Gi` in billionths; `undefined` where the text is none. */
export function parseQuantity(value: unknown): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(value).trim(),
  );
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  let amount = BigInt(whole + fraction) * (SUFFIXES[suffix] ?? 1n);
  const shift = Number(exponent ?? 0) - fraction.length;
  amount = shift >= 0 ? amount * 10n ** BigInt(shift) : amount / 10n ** BigInt(-shift);
  return sign === "-" ? -amount : amount;
}

/** `1000m` and `1` are one quantity; the API server stores the shorter. */
export function sameQuantity(left: unknown, right: unknown): boolean {
  const a = parseQuantity(left);
  return a !== undefined && a === parseQuantity(right);
}

/** Whether the value at a path is a quantity. Elsewhere "1" and "1.0" are different texts. */
export function isQuantityPath(path: readonly (string | number)[]): boolean {
  const last = path[path.length - 1];
  const parent = path[path.length - 2];
  const containers = [
    "requests",
    "limits",
    "hard",
    "capacity",
    "overhead",
    "podFixed",
    "default",
    "defaultRequest",
    "max",
    "min",
  ];
  if (typeof parent === "string" && containers.includes(parent)) return true;
  return typeof last === "string" && ["sizeLimit", "divisor", "averageValue", "storage"].includes(last);
}
