/** An output of a V2 inference response; the data flat or nested, as JSON or as typed arrays. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: unknown;
}

export interface Answer {
  readonly outputs: readonly OutputTensor[];
}

/** An element of a tensor; anything else that JSON may hold differs from all. */
export type Element = number | bigint | string | null;

export type ReadTensor =
  | { readonly shape: readonly number[]; readonly elements: readonly Element[] }
  | { readonly unusable: string };

/** Elements of a tensor up to which it is compared. */
export const MAX_ELEMENTS = 10_000_000;

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

function elementOf(value: unknown): Element {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
  return typeof value === "boolean" ? Number(value) : null;
}

/** The elements in row-major order. Nested lists may come from anyone: they are walked without recursion. */
function flattened(data: ArrayLike<unknown>, atMost: number): Element[] {
  const elements: Element[] = [];
  const open: { list: ArrayLike<unknown>; next: number }[] = [{ list: data, next: 0 }];
  for (let top = open.at(-1); top !== undefined && elements.length <= atMost; top = open.at(-1)) {
    if (top.next >= top.list.length) {
      open.pop();
      continue;
    }
    const value = top.list[top.next++];
    if (isList(value)) open.push({ list: value, next: 0 });
    else elements.push(elementOf(value));
  }
  return elements;
}

/** Reads a tensor that a server has sent; what is wrong with it is said, not thrown. */
export function readTensor({ shape, data }: OutputTensor): ReadTensor {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
    return { unusable: "has no shape" };
  }
  const expected = (shape as number[]).reduce((product, size) => product * size, 1);
  if (expected > MAX_ELEMENTS) return { unusable: `has more than ${MAX_ELEMENTS} values` };
  if (!isList(data)) return { unusable: "has no data" };
  const elements = flattened(data, expected);
  if (elements.length !== expected) {
    const count = elements.length > expected ? `more than ${expected}` : String(elements.length);
    return { unusable: `has ${count} values for a shape of [${shape.join(", ")}]` };
  }
  return { shape, elements };
}
