import type { Frame, Origin } from "./cpu-profile";

const WIDTH = 1200;
const ROW = 17;
const MARGIN = 10;
const TOP = 48;
/** Pixels below which a frame is left out: nobody could point at it. */
const NARROWEST = 1.2;
/** Pixels of a letter, of text that is cut off where it does not fit. */
const LETTER = 6.3;

const COLOURS: Readonly<Record<Origin, readonly [fill: string, meaning: string]>> = {
  server: ["#f4a259", "the server"],
  node: ["#8cb5e0", "Node's JavaScript"],
  onnxruntime: ["#7fc29b", "onnxruntime-node"],
  native: ["#c9c9c9", "native code, system calls, garbage collection"],
};

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/**
 * A flame graph as SVG without scripts: callers above what they call, as wide as the time they took, largest first.
 * @param root what all widths are shares of
 */
export function drawFlameGraph(title: string, root: Frame): string {
  const rows: string[] = [];
  let deepest = 0;
  const draw = (frame: Frame, x: number, depth: number): void => {
    const width = (frame.time / root.time) * (WIDTH - 2 * MARGIN);
    if (width < NARROWEST) return;
    deepest = Math.max(deepest, depth);
    rows.push(bar(frame, x, TOP + depth * ROW, width, frame.time / root.time));
    let at = x;
    for (const child of [...frame.children.values()].sort((a, b) => b.time - a.time)) {
      draw(child, at, depth + 1);
      at += (child.time / root.time) * (WIDTH - 2 * MARGIN);
    }
  };
  draw(root, MARGIN, 0);
  const height = TOP + (deepest + 1) * ROW + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="Verdana, sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="18" font-size="14">${escaped(title)}</text>`,
    ...legend(),
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function bar({ name, origin }: Frame, x: number, y: number, width: number, share: number): string {
  const letters = Math.floor((width - 4) / LETTER);
  const label = name.length <= letters ? name : `${name.slice(0, Math.max(0, letters - 1))}…`;
  const text =
    letters < 3 ? "" : `<text x="${(x + 2).toFixed(1)}" y="${y + ROW - 5}">${escaped(label)}</text>`;
  const rect = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${COLOURS[origin][0]}" stroke="#ffffff" stroke-width="0.4"/>`;
  return `<g><title>${escaped(name)}: ${(100 * share).toFixed(1)} %</title>${rect}${text}</g>`;
}

function legend(): string[] {
  let x = MARGIN;
  return Object.values(COLOURS).map(([fill, meaning]) => {
    const at = x;
    x += 24 + meaning.length * LETTER;
    return `<rect x="${at}" y="27" width="11" height="11" fill="${fill}"/><text x="${at + 15}" y="37">${meaning}</text>`;
  });
}
