import { plainText } from "../plain-text";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for HTML and SVG, in content and in quoted attributes. */
export const escaped = (text: string): string => plainText(text).replace(/[&<>"']/g, (c) => ENTITIES[c]!);

/** Text that others wrote: its direction of reading stays its own. */
export const foreign = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

/** `2026-01-31 09:00:00 UTC`; what is no time is shown as it is. */
export function shownTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Four digits, as charts and tables show numbers. */
export const shownNumber = (value: number): string => String(Number(value.toPrecision(4)));

/** A coordinate: a tenth of a pixel is finer than anyone sees. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);
