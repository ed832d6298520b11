import assert from "node:assert";
import { keySecret, passwordSecret } from "../../../components/internal/credentials";

const KEY = "0123456789abcdef0123456789abcdef";

describe("credentials", () => {
  it("are what Envoy Gateway reads: keys by client, users as htpasswd writes them with -s", () => {
    assert.deepEqual(keySecret("front", [["ci", KEY]]), { ci: Buffer.from(KEY).toString("base64") });
    // printf 'correct horse battery staple' | openssl dgst -sha1 -binary | base64
    const lines = "ada:{SHA}q/eq1kOINtvlJqojGr3i0O73TUI=";
    assert.deepEqual(passwordSecret("front", [["ada", "correct horse battery staple"]]), {
      ".htpasswd": Buffer.from(lines).toString("base64"),
    });
  });

  const wrong: [string, () => unknown, string][] = [
    [
      "a short key",
      () => keySecret("front", [["ci", KEY.slice(1)]]),
      '"front": `auth.apiKeys.clients.ci.key`: a key of 31 characters must have at least 32, printable ones without blanks',
    ],
    [
      "a key with a blank",
      () => keySecret("front", [["ci", `${KEY} `]]),
      '"front": `auth.apiKeys.clients.ci.key`: a key of 33 characters must have at least 32, printable ones without blanks',
    ],
    [
      "one key for two",
      () =>
        keySecret("front", [
          ["ci", KEY],
          ["bot", KEY],
        ]),
      '"front": `auth.apiKeys.clients.bot.key`: is also the key of "ci"',
    ],
    [
      "a short password",
      () => passwordSecret("front", [["ada", "hunter2"]]),
      '"front": `auth.basic.users.ada.password`: a password of 7 characters must have at least 20: Envoy keeps it as an unsalted SHA-1',
    ],
  ];
  for (const [what, make, message] of wrong) {
    it(`may not be ${what}, also where it became known only during an update`, () => {
      assert.throws(make, { message });
    });
  }
});
