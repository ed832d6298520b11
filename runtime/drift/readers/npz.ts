import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { messageOf } from "../../message-of";
import { NpyFile } from "./npy";
import { DataMistake, type DataSource } from "./source";

/** The name under which a bare array is a column. */
export const ARRAY_COLUMN = "array";

/** One array: its rows are the data's. */
export async function openNpy(file: string, named: string): Promise<DataSource> {
  const npy = await NpyFile.open(file, named);
  return {
    columns: [{ name: ARRAY_COLUMN, width: npy.width }],
    batches: () => npy.batches(),
    close: () => npy.close(),
  };
}

/**
 * Several arrays with as many rows each, as `numpy.savez` writes them; a column each, by their names. Packed ones are unpacked
 * into a temporary folder, since rows are read at places.
 */
export async function openNpz(file: string, named: string): Promise<DataSource> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-npz-"));
  const arrays = new Map<string, NpyFile>();
  const close = async () => {
    for (const array of arrays.values()) await array.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    let rows: number | undefined;
    for await (const { name, path } of unpacked(file, named, folder)) {
      const array = await NpyFile.open(path, `${named}, array \`${name}\`,`);
      arrays.set(name, array);
      rows ??= array.rows;
      if (array.rows !== rows)
        throw new DataMistake(
          `${named} has ${array.rows} rows in \`${name}\`, but ${rows} in \`${[...arrays.keys()][0]}\`; every array must have as many.`,
        );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    columns: [...arrays].map(([name, { width }]) => ({ name, width })),
    batches: (columns) => together(columns.map((name) => arrays.get(name)!)),
    close,
  };
}

async function* together(arrays: readonly NpyFile[]) {
  const [first] = arrays;
  if (first === undefined) return;
  // The widest says how many rows a read takes.
  const widest = arrays.reduce((most, array) => (array.width > most.width ? array : most), first);
  let from = 0;
  for await (const { rows, cells, where } of widest.batches()) {
    const start = from;
    const all = await Promise.all(
      arrays.map((array) => (array === widest ? cells[0]! : array.read(start, rows))),
    );
    yield { rows, cells: all, where };
    from += rows;
  }
}

async function* unpacked(
  file: string,
  named: string,
  folder: string,
): AsyncGenerator<{ name: string; path: string }> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded for the format that needs it
  const yauzl = require("yauzl") as typeof import("yauzl");
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error ? reject(notNpz(named, error)) : resolve(opened),
    ),
  );
  try {
    let place = 0;
    for (let entry = await next(zip, named); entry !== undefined; entry = await next(zip, named)) {
      if (!entry.fileName.endsWith(".npy")) continue;
      const path = join(folder, `${place++}.npy`);
      const current = entry;
      const content = await new Promise<Readable>((resolve, reject) =>
        zip.openReadStream(current, (error, stream) =>
          error ? reject(notNpz(named, error)) : resolve(stream),
        ),
      );
      await pipeline(content, createWriteStream(path)).catch((error: unknown) => {
        throw notNpz(named, error);
      });
      yield { name: entry.fileName.slice(0, -".npy".length), path };
    }
  } finally {
    zip.close();
  }
}

function next(zip: ZipFile, named: string): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const done = () => {
      zip.removeListener("entry", found);
      zip.removeListener("end", ended);
      zip.removeListener("error", failed);
    };
    const found = (entry: Entry) => (done(), resolve(entry));
    const ended = () => (done(), resolve(undefined));
    const failed = (error: Error) => (done(), reject(notNpz(named, error)));
    zip.once("entry", found).once("end", ended).once("error", failed);
    zip.readEntry();
  });
}

function notNpz(named: string, error: unknown): DataMistake {
  return new DataMistake(`${named} cannot be read as an NPZ archive (${messageOf(error)}).`, {
    cause: error,
  });
}
