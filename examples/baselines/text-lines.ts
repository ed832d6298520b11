import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seededNormal, seededUniform } from "../../runtime/drift/projection";
import { readPicture, textLines, type Picture } from "../ocr/picture";
import { toInput } from "../ocr/recognition";

const WORDS = join(__dirname, "../ocr/words.png");
/** Shade below which a pixel is ink. */
const DARK = 160;
/** Columns of paper between two words, at least; between letters there are fewer. */
const GAP = 9;
/** Width that text recognition was trained on; lines of a single word mostly leave a part of it empty. */
export const LINE_WIDTH = 320;
export const LINE_HEIGHT = 48;

/**
 * Lines of one to three words, as a scanner sees them: the words of `examples/ocr/words.png`, which has three typefaces, in
 * any order within a typeface, on paper and in ink of any usual shade, with the sensor's noise.
 * @param seed the same lines in every run
 * @returns `count` inputs of the text recognition model, 3 × 48 × 320, shades in -1…1
 */
export function scannedLines(seed: number, count: number): Float32Array[] {
  const uniform = seededUniform(seed);
  const normal = seededNormal(seed + 1);
  const typefaces = textLines(readPicture(readFileSync(WORDS))).map(wordsOf);
  return Array.from({ length: count }, () => {
    const words = typefaces[Math.floor(uniform() * typefaces.length)]!;
    return scanned(setLine(words, uniform), uniform, normal);
  });
}

/** Takes words until the next one would make the line too wide for the model. */
function setLine(words: readonly Picture[], uniform: () => number): Picture {
  const any = () => words[Math.floor(uniform() * words.length)]!;
  let line = any();
  for (let more = Math.floor(uniform() * 3); more > 0; more--) {
    const longer = beside(line, any());
    if ((longer.width * LINE_HEIGHT) / longer.height > LINE_WIDTH) break;
    line = longer;
  }
  return line;
}

function scanned(line: Picture, uniform: () => number, normal: () => number): Float32Array {
  const paper = 190 + 65 * uniform();
  const ink = 90 * uniform();
  const noise = 1 + 5 * uniform();
  const grey = line.grey.map((shade) => {
    const seen = ink + ((paper - ink) * shade) / 255 + noise * normal();
    return Math.max(0, Math.min(255, Math.round(seen)));
  });
  const { data, shape } = toInput({ ...line, grey });
  // A very long word is wider than the model's own width: its end is cut off, as by a narrow scanner.
  const width = shape[3]!;
  return Float32Array.from({ length: 3 * LINE_HEIGHT * LINE_WIDTH }, (_, i) => {
    const row = Math.floor(i / LINE_WIDTH);
    return data[row * width + (i % LINE_WIDTH)]!;
  });
}

/** The words of a line: what lies between wide gaps. */
function wordsOf(line: Picture): Picture[] {
  const { width, height, grey } = line;
  const hasInk = (x: number) =>
    Array.from({ length: height }, (_, y) => grey[y * width + x]!).some((shade) => shade < DARK);
  const words: Picture[] = [];
  let from: number | undefined;
  let last = 0;
  for (let x = 0; x <= width; x++) {
    if (x < width && hasInk(x)) {
      from ??= x;
      last = x;
    } else if (from !== undefined && (x === width || x - last >= GAP)) {
      words.push(columnsOf(line, Math.max(0, from - 6), Math.min(width, last + 7)));
      from = undefined;
    }
  }
  return words;
}

function columnsOf({ width, height, grey }: Picture, left: number, right: number): Picture {
  const cut = new Uint8Array((right - left) * height);
  for (let y = 0; y < height; y++)
    cut.set(grey.subarray(y * width + left, y * width + right), y * (right - left));
  return { width: right - left, height, grey: cut };
}

/** Both have the height of their typeface's line. */
function beside(a: Picture, b: Picture): Picture {
  const width = a.width + b.width;
  const grey = new Uint8Array(width * a.height);
  for (let y = 0; y < a.height; y++) {
    grey.set(a.grey.subarray(y * a.width, (y + 1) * a.width), y * width);
    grey.set(b.grey.subarray(y * b.width, (y + 1) * b.width), y * width + a.width);
  }
  return { width, height: a.height, grey };
}
