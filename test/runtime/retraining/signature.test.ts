import assert from "node:assert/strict";
import { readSecrets, signatureHeaders } from "../../../runtime/retraining/signature";
import { file, folder, SECRET } from "./support";

const dir = folder();

describe("the signature of a webhook", () => {
  it("is that of Standard Webhooks", () => {
    // The example that the libraries of https://github.com/standard-webhooks/standard-webhooks are tested with.
    const secrets = readSecrets("--f", file(dir, "vector", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"));
    const body = '{"test": 2432232314}';
    assert.deepEqual(signatureHeaders(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body), {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("is one per secret, while one is replaced", () => {
    const other = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
    const secrets = readSecrets("--f", file(dir, "two", `${SECRET}\n\n  ${other}\n`));
    const signatures = signatureHeaders(secrets, "id", 1, "{}")["webhook-signature"]!.split(" ");
    assert.equal(signatures.length, 2);
    for (const [i, secret] of secrets.entries())
      assert.equal(signatureHeaders([secret], "id", 1, "{}")["webhook-signature"], signatures[i]);
  });

  it("is left out where there is no secret", () =>
    assert.deepEqual(signatureHeaders([], "id", 1, "{}"), { "webhook-id": "id", "webhook-timestamp": "1" }));
});

describe("readSecrets", () => {
  const refused: [string, string][] = [
    ["nothing", "\n"],
    ["too many", Array(5).fill(SECRET).join("\n")],
    ["no prefix", Buffer.alloc(32).toString("base64")],
    ["too few bytes", `whsec_${Buffer.alloc(23).toString("base64")}`],
    ["too many bytes", `whsec_${Buffer.alloc(65).toString("base64")}`],
    ["no base64", `whsec_${"-".repeat(44)}`],
    ["a mistake in a second line", `${SECRET}\nwhsec_x`],
  ];
  for (const [what, text] of refused) {
    it(`refuses ${what}, and repeats nothing of it`, () => {
      const path = file(dir, "secret", text);
      assert.throws(
        () => readSecrets("--signing-secret-file", path),
        ({ name, message }: Error) => {
          assert.equal(name, "UsageError");
          assert.ok(message.includes(`\`--signing-secret-file\` (${path})`), message);
          for (const line of text.split("\n").filter((line) => line !== ""))
            assert.ok(!message.includes(line), message);
          return true;
        },
      );
    });
  }
});
