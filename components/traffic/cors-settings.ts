import type { CorsRules } from "../internal/cors";
import type { Problems } from "../internal/validation";

/** Which web pages of other origins may call. */
export interface CorsSettings {
  /** Origins, each in full, as in `https://app.example.com`; `*` for all, where `credentials` is false. */
  readonly origins: readonly string[];
  /**
   * Whether browsers may send cookies and certificates along. Tokens and keys in headers need no such permission.
   * @default false
   */
  readonly credentials?: boolean;
  /**
   * Seconds for which a browser may remember the permission.
   * @default 600
   */
  readonly maxAge?: number;
}

/** Defaults; a test ties each to its `@default` above. */
export const CORS_DEFAULTS = { credentials: false, maxAge: 600 } as const satisfies Omit<
  Required<CorsSettings>,
  "origins"
>;

const ORIGIN = /^https:\/\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/;
/** A page on the developer's own machine. */
const LOCAL = /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

/** Fills in the defaults and checks everything. */
export function resolveCors(args: CorsSettings, path: string, problems: Problems): CorsRules {
  const { origins } = args;
  const credentials = args.credentials ?? CORS_DEFAULTS.credentials;
  const maxAge = args.maxAge ?? CORS_DEFAULTS.maxAge;
  problems.check(origins.length > 0, `${path}.origins`, "must name at least one origin");
  origins.forEach((origin, i) => {
    if (origin === "*") {
      problems.check(
        !credentials,
        `${path}.origins[${i}]`,
        '"*" cannot go with `credentials`: every page could call in its visitor\'s name; name the origins',
      );
      return;
    }
    problems.check(
      ORIGIN.test(origin) || LOCAL.test(origin),
      `${path}.origins[${i}]`,
      `"${origin}" must be an origin in full, as in "https://app.example.com", without a path`,
    );
  });
  problems.check(
    Number.isInteger(maxAge) && maxAge >= 0 && maxAge <= 86_400,
    `${path}.maxAge`,
    `${maxAge} must be a whole number from 0 to 86400`,
  );
  return { origins, credentials, maxAge };
}
