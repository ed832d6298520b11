import { open, stat } from "node:fs/promises";
import { extname } from "node:path";
import { openCsv } from "./csv";
import { openNpy, openNpz } from "./npz";
import { openParquet } from "./parquet";
import { DataMistake, type DataSource } from "./source";

const FORMATS: Readonly<Record<string, (file: string, named: string) => Promise<DataSource>>> = {
  ".csv": openCsv,
  ".tsv": openCsv,
  ".parquet": openParquet,
  ".npy": openNpy,
  ".npz": openNpz,
};

/**
 * Opens training data by the ending of its name: .csv, .tsv, .parquet, .npy or .npz.
 * @throws DataMistake where it cannot be read or is of another kind
 */
export async function openData(file: string): Promise<DataSource> {
  const named = `\`--data\` (${file})`;
  const format = FORMATS[extname(file).toLowerCase()];
  if (format === undefined)
    throw new DataMistake(
      `${named} must end in ${Object.keys(FORMATS).join(", ")}, which says how it is read.`,
    );
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new DataMistake(`${named} does not exist.`);
  if (!found.isFile()) throw new DataMistake(`${named} is a folder; name a file in it.`);
  if (found.size === 0) throw new DataMistake(`${named} is empty.`);
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) throw new DataMistake(`${named} cannot be read: this user may not.`);
  await handle.close();
  return format(file, named);
}
