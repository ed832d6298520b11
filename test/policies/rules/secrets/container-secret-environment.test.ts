import { UNKNOWN } from "../../../../policies/testing";
import { containerSecretEnvironment } from "../../../../policies/rules/secrets/container-secret-environment";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

describeRule(containerSecretEnvironment, {
  good: {
    "a ConfigMap's": set("deployment", server("envFrom"), [{ configMapRef: { name: "text" } }]),
    "a Secret that is mounted": set("deployment", pod("volumes.1"), {
      name: "tls",
      secret: { secretName: "tls" },
    }),
  },
  bad: {
    "one variable": set("deployment", server("env.1"), {
      name: "KEY",
      valueFrom: { secretKeyRef: { name: "s", key: "k" } },
    }),
    "a whole Secret": set("deployment", server("envFrom"), [{ secretRef: { name: "s" } }]),
  },
  partial: {
    "beside a ConfigMap": set("deployment", server("envFrom"), [
      { configMapRef: { name: "c" } },
      { secretRef: { name: "s" } },
    ]),
  },
  wrongType: {
    "a text as reference": set("deployment", server("env.1"), {
      name: "KEY",
      valueFrom: { secretKeyRef: "s" },
    }),
  },
  unknown: { source: set("deployment", server("envFrom"), [UNKNOWN]) },
});
