import { UNKNOWN } from "../../../../policies/testing";
import { containerPlaintextSecret } from "../../../../policies/rules/secrets/container-plaintext-secret";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const probe = (name: string, value: unknown) =>
  set("deployment", server("livenessProbe.httpGet.httpHeaders"), [{ name, value }]);

describeRule(containerPlaintextSecret, {
  good: {
    "a reference": set("deployment", server("env.1"), {
      name: "TOKEN",
      valueFrom: { fieldRef: { fieldPath: "metadata.name" } },
    }),
    "an expanded variable": set("deployment", server("args"), ["--password=$(PASSWORD)"]),
    "a probe's other header": probe("x-probe", "kubelet"),
    "a value made by another resource": set("deployment", server("env.1"), { name: "LEVEL", value: UNKNOWN }),
  },
  bad: {
    "by name": set("deployment", server("env.1"), { name: "API_KEY", value: "abc123" }),
    "by text": set("deployment", server("env.1"), { name: "GH", value: "ghp_" + "a".repeat(36) }),
    "in a probe": probe("Authorization", "Bearer abcdefgh"),
    "in a hook": set("deployment", server("lifecycle.preStop.httpGet"), {
      path: "/drain",
      port: 8000,
      httpHeaders: [{ name: "x-api-key", value: "abc123" }],
    }),
    "in an argument": set("deployment", server("args"), ["--db-password=hunter2"]),
  },
  partial: {
    "after a good one": set("deployment", server("env.3"), {
      name: "X",
      value: "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0xx.c2lnbmF0dXJl",
    }),
  },
  notJudged: { "env is an object": set("deployment", server("env"), { PASSWORD: "hunter2" }) },
  unknown: {
    environment: set("deployment", server("env"), UNKNOWN),
    headers: set("deployment", server("livenessProbe.httpGet.httpHeaders"), UNKNOWN),
  },
});
