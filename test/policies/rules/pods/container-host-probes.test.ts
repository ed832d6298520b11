import { UNKNOWN } from "../../../../policies/testing";
import { containerHostProbes } from "../../../../policies/rules/pods/container-host-probes";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

describeRule(containerHostProbes, {
  good: { "an empty host": set("deployment", server("livenessProbe.httpGet.host"), "") },
  bad: {
    readiness: set("deployment", server("readinessProbe.httpGet.host"), "169.254.169.254"),
    hook: set("deployment", server("lifecycle.preStop.tcpSocket.host"), "db"),
  },
  partial: {
    "one probe of two": set("deployment", server("livenessProbe.tcpSocket"), { host: "db", port: 1 }),
  },
  wrongType: { number: set("deployment", server("livenessProbe.httpGet.host"), 4) },
  unknown: { host: set("deployment", server("livenessProbe.httpGet.host"), UNKNOWN) },
});
