const SECOND_MS = 1000;

let text: string | undefined;

/** The `Date` header's value (RFC 9110, 5.6.7). The clock is asked once a second where there are answers, not for each. */
export function httpDate(): string {
  if (text === undefined) {
    const now = new Date();
    text = now.toUTCString();
    setTimeout(forget, SECOND_MS - now.getMilliseconds()).unref();
  }
  return text;
}

function forget(): void {
  text = undefined;
}
