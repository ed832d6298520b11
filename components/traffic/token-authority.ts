import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { keySetOf } from "../internal/jwks";
import { Problems } from "../internal/validation";

const DEFAULT_AUDIENCE = "slipway";

/** Inputs of a TokenAuthority. */
export interface TokenAuthorityArgs {
  /** The tokens' `iss`: a URL that names who issues them; nothing is fetched from it. */
  readonly issuer: string;
  /**
   * The tokens' `aud`.
   * @default "slipway"
   */
  readonly audience?: string;
}

/**
 * What tokens are signed and checked with: an ECDSA P-256 key (ES256) in the stack's state, and its public half as the key
 * set that gateways carry in their own configuration, so that no request depends on a key server.
 *
 * @example
 * const tokens = new TokenAuthority("tokens", { issuer: "https://models.example.com" });
 * export const keyId = tokens.keyId;
 * export const signingKey = tokens.signingKeyPem;
 */
export class TokenAuthority extends pulumi.ComponentResource {
  readonly issuer: pulumi.Output<string>;
  readonly audience: pulumi.Output<string>;
  /** JSON Web Key Set with the public key. */
  readonly jwks: pulumi.Output<string>;
  /** `kid` of the tokens. */
  readonly keyId: pulumi.Output<string>;
  /** PKCS #8 PEM of the private key, a secret. */
  readonly signingKeyPem: pulumi.Output<string>;

  constructor(name: string, args: TokenAuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:TokenAuthority", name, args, opts);
    const audience = args.audience ?? DEFAULT_AUDIENCE;
    const problems = new Problems("TokenAuthority", name);
    problems.check(
      /^https?:\/\/\S+$/.test(args.issuer),
      "issuer",
      `"${args.issuer}" must be a URL, as in "https://slipway.local"`,
    );
    problems.check(audience !== "", "audience", '"" must not be empty');
    problems.throwIfAny();

    const key = new tls.PrivateKey(
      `${name}-key`,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      { parent: this },
    );
    const keySet = key.publicKeyPem.apply(keySetOf);

    this.issuer = pulumi.output(args.issuer);
    this.audience = pulumi.output(audience);
    this.jwks = keySet.jwks;
    this.keyId = keySet.keyId;
    this.signingKeyPem = pulumi.secret(key.privateKeyPemPkcs8);
    this.registerOutputs({
      issuer: this.issuer,
      audience: this.audience,
      jwks: this.jwks,
      keyId: this.keyId,
      signingKeyPem: this.signingKeyPem,
    });
  }
}
