/** Digits that a person compares at a glance. */
const DIGITS = 4;

/** A number in few digits, but in as many as it takes to tell it from the bound that it is compared with. */
export function shownNumber(value: number, bound?: number): string {
  for (let digits = DIGITS; digits < 17; digits++) {
    const shown = Number(value.toPrecision(digits));
    if (bound === undefined || value === bound || shown !== bound) return String(shown);
  }
  return String(value);
}
