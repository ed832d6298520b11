import { UNKNOWN } from "../../../../policies/testing";
import { configMapPlaintextSecret } from "../../../../policies/rules/secrets/config-map-plaintext-secret";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(configMapPlaintextSecret, {
  good: {
    "a path under a telling name": set("configMap", "data.DB_PASSWORD", "/run/secrets/password"),
    "the name of a Secret": set("configMap", "data.imagePullSecret", "registry-login"),
    "a tokenizer's marker": set("configMap", "data.eos_token", "</s>"),
    "a public certificate": set(
      "configMap",
      ["data", "ca.crt"],
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    ),
  },
  bad: {
    "a private key": set(
      "configMap",
      ["data", "tls.pem"],
      "-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----",
    ),
    "a private JSON web key": set("configMap", "data.jwk", '{"kty":"EC","x":"a","d":"secretvalue"}'),
    "a password by name": set("configMap", "data.DB_PASSWORD", "hunter2"),
    "a password in a URL": set("configMap", "data.dsn", "postgres://me:hunter2@db/slipway"),
    "binary data": set(
      "configMap",
      ["binaryData", "key"],
      Buffer.from("-----BEGIN PRIVATE KEY-----\nx").toString("base64"),
    ),
  },
  partial: { "one key of three": set("configMap", "data.aws", "id AKIAIOSFODNN7EXAMPLE") },
  notJudged: {
    "data is a text": set("configMap", "data", "password=hunter2"),
    "a number": set("configMap", "data.password", 12),
  },
  unknown: { value: set("configMap", "data.level", UNKNOWN), data: set("configMap", "data", UNKNOWN) },
});
