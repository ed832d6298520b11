import assert from "node:assert";
import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  algorithmOf,
  describePrivateKey,
  describePublicKey,
  generateKey,
  keyId,
  readPrivateKey,
} from "../../../../toolchain/plugins/tls/keys";
import type { Algorithm, Curve } from "../../../../toolchain/plugins/tls/keys";

// The key of RFC 8032, section 7.1, test 1.
const ED25519_PEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;

describe("keys", () => {
  const cases: [Algorithm, Curve, string, string][] = [
    ["ECDSA", "P224", "EC PRIVATE KEY", ""],
    ["ECDSA", "P256", "EC PRIVATE KEY", "ecdsa-sha2-nistp256 "],
    ["ECDSA", "P384", "EC PRIVATE KEY", "ecdsa-sha2-nistp384 "],
    ["ECDSA", "P521", "EC PRIVATE KEY", "ecdsa-sha2-nistp521 "],
    ["RSA", "P224", "RSA PRIVATE KEY", "ssh-rsa "],
    ["ED25519", "P224", "PRIVATE KEY", "ssh-ed25519 "],
  ];
  for (const [algorithm, curve, label, sshType] of cases) {
    const title = algorithm === "ECDSA" ? `${algorithm} ${curve}` : algorithm;
    it(`describes an ${title} key`, async () => {
      const key = await generateKey(algorithm, curve, 2048);
      const secret = describePrivateKey(key);
      const open = describePublicKey(key);
      assert.strictEqual(algorithmOf(key), algorithm);
      assert.ok(secret.privateKeyPem.startsWith(`-----BEGIN ${label}-----\n`));
      assert.ok(secret.privateKeyPemPkcs8.startsWith("-----BEGIN PRIVATE KEY-----\n"));
      for (const pem of [secret.privateKeyPem, secret.privateKeyPemPkcs8]) {
        const again = createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "pem" });
        assert.strictEqual(again, open.publicKeyPem);
        assert.strictEqual(keyId(createPrivateKey(pem)), keyId(key));
      }
      assert.match(keyId(key), /^[0-9a-f]{40}$/);
      if (sshType === "") {
        assert.deepStrictEqual([open.publicKeyOpenssh, secret.privateKeyOpenssh], ["", ""]);
        return;
      }
      assert.ok(open.publicKeyOpenssh.startsWith(sshType) && open.publicKeyOpenssh.endsWith("\n"));
      assert.match(open.publicKeyFingerprintMd5, /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
      assert.match(open.publicKeyFingerprintSha256, /^SHA256:[A-Za-z0-9+/]{43}$/);
      assert.match(
        secret.privateKeyOpenssh,
        /^-----BEGIN OPENSSH PRIVATE KEY-----\n[^]*-----END [A-Z ]*-----\n$/,
      );
    });
  }

  it("writes the public line and fingerprint of a known key as OpenSSH does", () => {
    const { publicKeyOpenssh, publicKeyFingerprintSha256 } = describePublicKey(createPrivateKey(ED25519_PEM));
    const blob = "AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    assert.strictEqual(publicKeyOpenssh, `ssh-ed25519 ${blob}\n`);
    assert.match(publicKeyFingerprintSha256, /^SHA256:/);
  });

  it("names the property, not the content, of what is no key", () => {
    assert.throws(() => readPrivateKey("geheim", "caPrivateKeyPem"), {
      message: "`caPrivateKeyPem` is not a private key in PEM format.",
    });
  });
});
