/** Arrays that hold rows one after the other. */
export type RowData = string[] | (ArrayLike<number | bigint> & { readonly length: number });

interface TypedRows {
  readonly length: number;
  set(values: ArrayLike<never>, offset: number): void;
  subarray(begin: number, end: number): TypedRows;
}

/** Joins the rows of several callers into one array of its own. */
export function concatRows<Data extends RowData>(parts: readonly Data[]): Data {
  const first = parts[0]!;
  if (Array.isArray(first))
    return ([] as string[]).concat(...(parts as readonly string[][])) as unknown as Data;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (first.constructor as new (length: number) => TypedRows)(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part as unknown as ArrayLike<never>, at);
    at += part.length;
  }
  return joined as unknown as Data;
}

/**
 * Cuts an array of `rowCounts` rows in total back into one part per caller. Parts of typed arrays are views.
 * @throws where the array does not divide into that many rows
 */
export function splitRows<Data extends RowData>(data: Data, rowCounts: readonly number[]): Data[] {
  const rows = rowCounts.reduce((sum, count) => sum + count, 0);
  const width = data.length / rows;
  if (!Number.isInteger(width)) throw new Error(`${data.length} elements do not divide into ${rows} rows`);
  let at = 0;
  return rowCounts.map((count) => {
    const begin = at;
    at += count * width;
    if (Array.isArray(data)) return data.slice(begin, at) as unknown as Data;
    return (data as unknown as TypedRows).subarray(begin, at) as unknown as Data;
  });
}
