import type { JwtAuth } from "../../../components";

/** An API key that is long enough, and so is a password. */
export const KEY = "0123456789abcdef0123456789abcdef";

/** Tokens of an issuer of one's own. */
export const JWT: JwtAuth = {
  issuer: "https://login.example.com",
  audiences: ["models"],
  jwksUri: "https://login.example.com/jwks.json",
};

/** A certificate, as far as anybody looks at it before it is used. */
export const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

/** A certificate of AWS Certificate Manager. */
export const ACM_ARN =
  "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
