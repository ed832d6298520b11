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
    "postgres://user:<password>@db",
    "https://user:***@host/",
    "https://host:8443?mail=me@example.com",
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
    ["DB_SECRET", "prod/db-2", false],
    ["DB_SECRET", "db-login-1a2b3c4", false],
    ["DB_SECRET", "hunter2", true],
    ["ALLOW_EMPTY_PASSWORD", "no", false],
    ["TOKEN", "$REGISTRY_TOKEN", false],
    ["TOKEN", "$1", false],
    ["TOKEN", "#{variables.TOKEN}", false],
    ["TOKEN", "{{token}}", false],
    ["TOKEN", "`curl", false],
    ["api_key", "os.environ/OPENAI_API_KEY", false],
    ["htpasswd", "admin:$2y$05$abcdefghijklmnopqrstuv", false],
    ["VITE_MAPS_API_KEY", `AIza${"a".repeat(35)}`, false],
    ["NEXT_PUBLIC_SITE_TOKEN", "a1b2c3d4", false],
    ["REACT_APP_CLIENT_SECRET", "a1b2c3d4", true],
    ["VITE_GIT", `ghp_${"a1".repeat(18)}`, true],
    ["description of the secret", "a sentence with spaces", false],
  ];
  for (const [key, value, found] of cases) {
    it(`${found ? "flags" : "lets pass"} ${key}: ${JSON.stringify(value)}`, () =>
      assert.strictEqual(credentialAt(key, value) !== undefined, found));
  }
});
