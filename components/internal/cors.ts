/** Which pages of other origins may call, resolved. */
export interface CorsRules {
  readonly origins: readonly string[];
  readonly credentials: boolean;
  /** Seconds. */
  readonly maxAge: number;
}

/** What the V2 protocol and its clients send, besides the headers that every browser may send anyway. */
const REQUEST_HEADERS = ["Authorization", "Content-Type", "Inference-Header-Content-Length"];

/** `cors` of a SecurityPolicy; preflights are answered before any credentials are asked for, as they carry none. */
export function corsSpec({ origins, credentials, maxAge }: CorsRules, credentialHeaders: readonly string[]) {
  return {
    allowOrigins: [...origins],
    allowMethods: ["GET", "HEAD", "POST"],
    // Cookies are a matter of `allowCredentials`: a page cannot send them as a header.
    allowHeaders: [
      ...new Set([...REQUEST_HEADERS, ...credentialHeaders.filter((name) => name !== "Cookie")]),
    ],
    exposeHeaders: ["Inference-Header-Content-Length"],
    maxAge: `${maxAge}s`,
    allowCredentials: credentials,
  };
}
