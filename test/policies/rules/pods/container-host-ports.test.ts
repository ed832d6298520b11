import { UNKNOWN } from "../../../../policies/testing";
import { containerHostPorts } from "../../../../policies/rules/pods/container-host-ports";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

describeRule(containerHostPorts, {
  good: { zero: set("deployment", server("ports.0.hostPort"), 0) },
  bad: { taken: set("deployment", server("ports.0.hostPort"), 8000) },
  partial: {
    "one of two": set("deployment", server("ports"), [
      { containerPort: 8000 },
      { containerPort: 8001, hostPort: 81 },
    ]),
  },
  wrongType: { text: set("deployment", server("ports.0.hostPort"), "8000") },
  notJudged: { "ports are a number": set("deployment", server("ports"), 8000) },
  unknown: { port: set("deployment", server("ports.0.hostPort"), UNKNOWN) },
});
