import type { Picture } from "./picture";

/** What PP-OCRv4 takes: three colour planes of this height, any width. */
const HEIGHT = 48;
/** The width the model was trained on; narrower lines are padded. */
const LEAST_WIDTH = 320;

/** A V2 input tensor. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: "FP32";
  readonly shape: number[];
  readonly data: number[];
}

/** Scales a line of text to the model's height and its shades to -1…1, once per colour plane. */
export function toInput(line: Picture): InputTensor {
  const scaled = Math.ceil((HEIGHT * line.width) / line.height);
  const width = Math.max(LEAST_WIDTH, scaled);
  const plane = new Float32Array(HEIGHT * width);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < scaled; x++) {
      const shade = sample(
        line,
        ((x + 0.5) * line.width) / scaled - 0.5,
        ((y + 0.5) * line.height) / HEIGHT - 0.5,
      );
      plane[y * width + x] = shade / 127.5 - 1;
    }
  }
  const shades = Array.from(plane);
  return {
    name: "x",
    datatype: "FP32",
    shape: [1, 3, HEIGHT, width],
    data: [...shades, ...shades, ...shades],
  };
}

/** The shade between pixels, bilinear. */
function sample({ width, height, grey }: Picture, x: number, y: number): number {
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number) =>
    grey[clamp(row, height - 1) * width + clamp(column, width - 1)]!;
  const [right, down] = [x - left, y - top];
  const upper = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return upper * (1 - down) + lower * down;
}

/** The model's alphabet: class 0 is "no character", then the dictionary's lines, then the space. */
export function alphabetOf(dictionary: string): string[] {
  return ["", ...dictionary.replace(/\r/g, "").replace(/\n$/, "").split("\n"), " "];
}

export interface Reading {
  readonly text: string;
  /** Mean probability of the characters, 0 to 1. */
  readonly confidence: number;
}

/**
 * Decodes the output of connectionist temporal classification: at each step the likeliest class, repetitions merged,
 * blanks dropped.
 * @param shape [1, steps, classes]
 */
export function decode(
  shape: readonly number[],
  probabilities: readonly number[],
  alphabet: readonly string[],
): Reading {
  const [, steps = 0, classes = 0] = shape;
  if (classes !== alphabet.length) {
    throw new Error(`The model knows ${classes} characters, but the dictionary has ${alphabet.length}.`);
  }
  let text = "";
  let sum = 0;
  let last = 0;
  for (let step = 0; step < steps; step++) {
    const scores = probabilities.slice(step * classes, (step + 1) * classes);
    const best = scores.reduce((likeliest, score, i) => (score > scores[likeliest]! ? i : likeliest), 0);
    if (best !== 0 && best !== last) {
      text += alphabet[best];
      sum += scores[best]!;
    }
    last = best;
  }
  return { text, confidence: text === "" ? 0 : sum / [...text].length };
}
