import { createPublicKey, randomBytes } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

/** The names that OpenSSH has for curves; it has none for P-224. */
const SSH_CURVES: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

/** A length-prefixed string: RFC 4251, section 5. */
function sshString(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A non-negative number: no superfluous zeros in front, but one where the first bit would read as a sign. */
function sshNumber(base64url: string | undefined): Buffer {
  const bytes = Buffer.from(base64url ?? "", "base64url");
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
  return sshString((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** The public point, uncompressed. */
function point(jwk: JsonWebKey): Buffer {
  return Buffer.concat([
    Buffer.from([4]),
    Buffer.from(jwk.x ?? "", "base64url"),
    Buffer.from(jwk.y ?? "", "base64url"),
  ]);
}

/** True for keys that node cannot write as a JWK, which are those that OpenSSH does not know either. */
function isForeign(key: KeyObject): boolean {
  return key.asymmetricKeyDetails?.namedCurve === "secp224r1";
}

export interface SshKey {
  /** e.g. `ssh-ed25519`. */
  readonly type: string;
  readonly blob: Buffer;
}

/** The public key as OpenSSH writes it: RFC 4253, 5656 and 8709. `undefined` for a key that OpenSSH does not know. */
export function opensshPublicBlob(key: KeyObject): SshKey | undefined {
  if (isForeign(key)) return undefined;
  const jwk = key.export({ format: "jwk" });
  if (key.asymmetricKeyType === "rsa") {
    const type = "ssh-rsa";
    return { type, blob: Buffer.concat([sshString(type), sshNumber(jwk.e), sshNumber(jwk.n)]) };
  }
  if (key.asymmetricKeyType === "ed25519") {
    const type = "ssh-ed25519";
    return { type, blob: Buffer.concat([sshString(type), sshString(Buffer.from(jwk.x ?? "", "base64url"))]) };
  }
  const curve = SSH_CURVES[jwk.crv ?? ""];
  if (curve === undefined) return undefined;
  const type = `ecdsa-sha2-${curve}`;
  return { type, blob: Buffer.concat([sshString(type), sshString(curve), sshString(point(jwk))]) };
}

function privateFields(key: KeyObject, jwk: JsonWebKey): Buffer[] {
  if (key.asymmetricKeyType === "rsa") {
    return [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(sshNumber);
  }
  if (key.asymmetricKeyType === "ed25519") {
    const publicPart = Buffer.from(jwk.x ?? "", "base64url");
    const seed = Buffer.from(jwk.d ?? "", "base64url");
    return [sshString(publicPart), sshString(Buffer.concat([seed, publicPart]))];
  }
  return [sshString(SSH_CURVES[jwk.crv ?? ""] ?? ""), sshString(point(jwk)), sshNumber(jwk.d)];
}

/** Block size of the "none" cipher: the private part is padded to a multiple of it. */
const BLOCK_BYTES = 8;

/** The private key in OpenSSH's own format, without passphrase. `undefined` for a key that OpenSSH does not know. */
export function opensshPrivateKey(key: KeyObject): string | undefined {
  const publicKey = opensshPublicBlob(createPublicKey(key));
  if (publicKey === undefined) return undefined;
  const check = randomBytes(4);
  const fields = privateFields(key, key.export({ format: "jwk" }));
  const comment = sshString("");
  const body = Buffer.concat([check, check, sshString(publicKey.type), ...fields, comment]);
  const padding = Buffer.from(
    Array.from(
      { length: (BLOCK_BYTES - (body.length % BLOCK_BYTES)) % BLOCK_BYTES },
      (_, index) => index + 1,
    ),
  );
  const count = Buffer.from([0, 0, 0, 1]);
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(sshString),
    count,
    sshString(publicKey.blob),
    sshString(Buffer.concat([body, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
