import assert from "node:assert";
import { credentialAt, credentialIn } from "../../../policies/model/credentials";

describe("credentialIn", () => {
  const held: readonly [text: string, kind: string][] = [
    ["-----BEGIN PRIVATE KEY-----", "a private key"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"],
    ['{"kty":"EC","d":"abc"}', "a private JSON web key"],
    ["AKIAIOSFODNN7EXAMPLE", "an AWS access key"],
    ["dckr_pat_0123456789abcdefghijklmnopq", "a Docker Hub token"],
    ["https://me:hunter2@host/", "a URL with a password"],
  ];
  for (const [text, kind] of held) {
    it(`finds ${kind} in ${JSON.stringify(text)}`, () => assert.strictEqual(credentialIn(text), kind));
  }

  const harmless = [
    "",
    "-----BEGIN PUBLIC KEY-----",
    '{"kty":"EC","x":"a","y":"b","kid":"d"}',
    "https://host:8443/path@sha256:abc",
    "postgres://user:${PASSWORD}@db",
    "urn:oid:1",
  ];
  for (const text of harmless) {
    it(`finds nothing in ${JSON.stringify(text)}`, () => assert.strictEqual(credentialIn(text), undefined));
  }
});

describe("credentialAt", () => {
  const cases: readonly [key: string, value: string, found: boolean][] = [
    ["password", "hunter2", true],
    ["DB_PASSWORD", "correct-horse", true],
    ["apiKey", "0123abcd", true],
    ["client-secret", "kX9-4", true],
    ["password", "12345678", true],
    ["password", "", false],
    ["password", "/run/secrets/password", false],
    ["password_file", "hunter2", false],
    ["tokenTtl", "1h", false],
    ["max_token", "4096", false],
    ["eos_token", "</s>", false],
    ["pad_token", "[PAD]", false],
    ["password", "[secret]", true],
    ["password", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db", false],
    ["imagePullSecret", "registry-login", false],
    ["description of the secret", "a sentence with spaces", false],
  ];
  for (const [key, value, found] of cases) {
    it(`${found ? "flags" : "lets pass"} ${key}: ${JSON.stringify(value)}`, () =>
      assert.strictEqual(credentialAt(key, value) !== undefined, found));
  }
});
