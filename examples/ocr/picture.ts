import { PNG } from "pngjs";

/** A picture in shades of grey, 0 black to 255 white, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** Reads a PNG file's bytes; transparent parts count as white. */
export function readPicture(bytes: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(bytes);
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    const [red, green, blue, alpha] = data.subarray(i * 4, i * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const luminance = 0.299 * red + 0.587 * green + 0.114 * blue;
    grey[i] = Math.round(luminance * (alpha / 255) + (255 - alpha));
  }
  return { width, height, grey };
}

/** What counts as ink. */
const DARK = 128;
/** White pixels left around a line: recognition models are trained on crops with a margin. */
const MARGIN = 6;
/** Lines lower than this are specks. */
const LEAST_HEIGHT = 8;

/** Cuts a page of dark text on white into its lines: runs of rows with ink, trimmed at the sides. */
export function textLines(page: Picture): Picture[] {
  const inked = (x: number, y: number) => page.grey[y * page.width + x]! < DARK;
  const columns = Array.from({ length: page.width }, (_, x) => x);
  const rowHasInk = (y: number) => columns.some((x) => inked(x, y));
  const lines: Picture[] = [];
  for (let y = 0; y < page.height; y++) {
    if (!rowHasInk(y)) continue;
    const top = y;
    while (y < page.height && rowHasInk(y)) y++;
    if (y - top < LEAST_HEIGHT) continue;
    const rows = Array.from({ length: y - top }, (_, i) => top + i);
    const used = columns.filter((x) => rows.some((row) => inked(x, row)));
    lines.push(crop(page, used[0]!, top, used[used.length - 1]! + 1, y));
  }
  return lines;
}

function crop(page: Picture, left: number, top: number, right: number, bottom: number): Picture {
  const width = right - left + 2 * MARGIN;
  const height = bottom - top + 2 * MARGIN;
  const grey = new Uint8Array(width * height).fill(255);
  for (let y = top; y < bottom; y++) {
    const row = page.grey.subarray(y * page.width + left, y * page.width + right);
    grey.set(row, (y - top + MARGIN) * width + MARGIN);
  }
  return { width, height, grey };
}
