import { containerPrivilegedPort } from "../../../../policies/rules/pods/container-privileged-port";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

/** Beside the one that its probes ask. */
const ports = (...numbers: unknown[]) =>
  set(
    "deployment",
    server("ports"),
    [8000, ...numbers].map((containerPort) => ({ containerPort })),
  );

describeRule(containerPrivilegedPort, {
  good: { "the first free one": ports(1024) },
  bad: { web: ports(80), "as a text": ports("443") },
  partial: { "one of two": ports(8080, 1023) },
  notJudged: { nonsense: ports("web", -1) },
  unknown: { port: ports(UNKNOWN) },
});
