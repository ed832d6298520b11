const DAY_MS = 86_400_000;

/** Whether a text is a day of the calendar as `2026-12-31`. */
export function isDay(text: string): boolean {
  const time = timeOf(text);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** Days from one day to another; negative where the other is before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((timeOf(to) - timeOf(from)) / DAY_MS);
}

function timeOf(text: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
}
