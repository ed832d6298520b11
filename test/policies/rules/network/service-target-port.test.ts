import { serviceTargetPort } from "../../../../policies/rules/network/service-target-port";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const target = (targetPort: unknown) =>
  set("service", "spec.ports", [{ name: "http", port: 8000, targetPort }]);
const named = set("deployment", server("ports"), [{ name: "http", containerPort: 8000 }]);

describeRule(serviceTargetPort, {
  good: {
    "by its name": [named, target("http")],
    "by its number": target(8000),
    "by its number as a text": target("8000"),
    "of pods that are made elsewhere": [set("service", "spec.selector", { app: "far" }), target("web")],
  },
  bad: { "a name that none has": [named, target("web")] },
  partial: {
    "one of two": [
      named,
      set("service", "spec.ports", [
        { name: "a", port: 8000, targetPort: "http" },
        { name: "b", port: 8001, targetPort: "metrics" },
      ]),
    ],
  },
  wrongType: {
    "a number as the port's name": [
      set("deployment", server("ports"), [{ name: 7, containerPort: 8000 }]),
      target("http"),
    ],
  },
  unknown: { target: target(UNKNOWN), name: [set("deployment", server("ports"), UNKNOWN), target("http")] },
});
