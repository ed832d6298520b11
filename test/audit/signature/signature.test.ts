import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { InputError } from "../../../audit/input-error";
import { renderJson } from "../../../audit/render";
import { readSigningKey, signReport } from "../../../audit/signature/sign-report";
import { readVerifyingKey, verifyReport } from "../../../audit/signature/verify-report";
import { stateResource } from "../support/rules";
import { asBefore, reportOf } from "../support/report";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (key: typeof privateKey, type: "pkcs8" | "spki") => key.export({ format: "pem", type }) as string;

const report = reportOf([stateResource("Deployment", "web", { bad: 1 }), stateResource("Service", "web")]);
const signed = signReport(report, readSigningKey(pem(privateKey, "pkcs8")));
const text = renderJson(signed);
const verify = (altered: string) => verifyReport(altered, readVerifyingKey(pem(publicKey, "spki")));

const ALTERED = "It was altered: its content is not what was signed with this key.";

describe("signReport", () => {
  it("proves a report as it is written", () => {
    const result = verify(text);
    assert.ok(result.ok);
    const der = publicKey.export({ format: "der", type: "spki" });
    assert.equal(result.keyId, `sha256:${createHash("sha256").update(der).digest("hex")}`);
    assert.equal(signed.signature?.keyId, result.keyId);
  });

  it("gives the same bytes for the same report and key", () => {
    assert.equal(renderJson(signReport(report, privateKey)), text);
  });

  it("proves it whatever became of white space and the order of members", () => {
    const turned = Object.fromEntries(Object.entries(signed).reverse());
    assert.ok(verify(JSON.stringify(turned, null, 7)).ok);
  });

  it("proves a report that the version before signed", () => {
    const earlier = JSON.parse(asBefore(report)) as typeof report;
    const result = verify(JSON.stringify(signReport(earlier, privateKey)));
    assert.ok(result.ok);
    assert.equal(result.report.schemaVersion, "1.0");
  });

  it("signs again a report that was signed before", () => {
    assert.ok(verify(renderJson(signReport(signed, privateKey))).ok);
  });

  it("does not sign what JSON leaves out", () => {
    const remediated = [{ path: "a", before: undefined, after: 1 }];
    const findings = report.findings.map((finding) => ({ ...finding, remediated }));
    assert.ok(verify(renderJson(signReport({ ...report, findings }, privateKey))).ok);
  });
});

describe("verifyReport", () => {
  const alterations: Readonly<Record<string, [(text: string) => string, string]>> = {
    "a state": [(t) => t.replace('"state": "fail"', '"state": "pass"'), ALTERED],
    "a number": [(t) => t.replace(/"mandatoryFailures": \d+/, '"mandatoryFailures": 0'), ALTERED],
    "the terms": [(t) => t.replace('"failOnIndeterminate": false', '"failOnIndeterminate": true'), ALTERED],
    "the day": [(t) => t.replace('"asOf": "2026-11-21"', '"asOf": "2026-11-22"'), ALTERED],
    "a member more": [(t) => t.replace("{", '{"note": "all is well",'), ALTERED],
    "a signature of something else": [
      (t) => t.replace(/"value": "./, (match) => match.slice(0, -1) + (match.endsWith("A") ? "B" : "A")),
      ALTERED,
    ],
    "an empty signature": [(t) => t.replace(/"value": "[^"]*"/, '"value": ""'), ALTERED],
    "a member named twice": [
      (t) => t.replace('"asOf"', '"asOf": "2020-01-01",\n  "asOf"'),
      "It was altered: it names a member twice, and readers would not agree on which counts.",
    ],
    "a note in the signature": [
      (t) => t.replace('"algorithm"', '"note": "approved", "algorithm"'),
      'It was altered: its signature has a member "note", which is not signed.',
    ],
    "another algorithm": [
      (t) => t.replace('"algorithm": "Ed25519"', '"algorithm": "none"'),
      "It states another algorithm than Ed25519, the only one that is accepted.",
    ],
    "no signature": [
      (t) => t.replace('"signature"', '"sig"'),
      "It is not signed: `slipway audit --sign KEYFILE` signs a report.",
    ],
  };
  for (const [name, [alter, problem]] of Object.entries(alterations)) {
    it(`does not prove a report with ${name}`, () => {
      const altered = alter(text);
      assert.notEqual(altered, text);
      assert.deepEqual(verify(altered), { ok: false, problem });
    });
  }

  it("does not prove a report with another key, and names both", () => {
    const other = generateKeyPairSync("ed25519").publicKey;
    const result = verifyReport(text, other);
    assert.ok(!result.ok);
    assert.match(
      result.problem,
      /^It states the key sha256:[0-9a-f]{64}, and the key given is sha256:[0-9a-f]{64}\.$/,
    );
  });

  it("does not prove a report of another signer who states this key", () => {
    const forged = signReport(report, generateKeyPairSync("ed25519").privateKey);
    const signature = { ...forged.signature!, keyId: signed.signature!.keyId };
    assert.deepEqual(verify(renderJson({ ...forged, signature })), { ok: false, problem: ALTERED });
  });

  for (const [name, broken, message] of [
    ["a report that was cut off", text.slice(0, -20), /^is not whole JSON/],
    ["no report", "{}", /^is no report: it has no `schemaVersion`/],
    [
      "a later version",
      '{"schemaVersion":"2.0"}',
      /^has version "2\.0" of the report's shape; versions 1\.x can be read$/,
    ],
    [
      "a report without findings",
      '{"schemaVersion":"1.0","asOf":"x","subject":{"project":"a","stack":"b"},"rules":[]}',
      /^has no usable `findings`: it must be a list, not nothing$/,
    ],
    ["a version of a prototype", '{"__proto__":{"schemaVersion":"1.0"}}', /^is no report/],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => verify(broken),
        (error: Error) => error instanceof InputError && message.test(error.message),
      );
    });
  }
});

describe("keys", () => {
  for (const [name, read, message] of [
    [
      "a text for a signing key",
      () => readSigningKey("x"),
      /^is no private key in PKCS#8 PEM; `openssl genpkey/,
    ],
    ["a public key to sign with", () => readSigningKey(pem(publicKey, "spki")), /^is no private key/],
    [
      "an RSA key to sign with",
      () => readSigningKey(pem(rsa.privateKey, "pkcs8")),
      /^must be an Ed25519 key, not rsa$/,
    ],
    [
      "a private key to prove with",
      () => readVerifyingKey(pem(privateKey, "pkcs8")),
      /^is a private key, which nobody else should have/,
    ],
    [
      "an RSA key to prove with",
      () => readVerifyingKey(pem(rsa.publicKey, "spki")),
      /^must be an Ed25519 key, not rsa$/,
    ],
    ["a text to prove with", () => readVerifyingKey(""), /^is no public key in PEM/],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.throws(read, (error: Error) => error instanceof InputError && message.test(error.message));
    });
  }
});
