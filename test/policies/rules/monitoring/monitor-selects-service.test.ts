import { monitorSelectsService } from "../../../../policies/rules/monitoring/monitor-selects-service";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";
import { goodWorld } from "../../support/world";

const monitor = (selector: unknown, more: Record<string, unknown> = {}) =>
  put("monitor", "kubernetes:monitoring.coreos.com/v1:ServiceMonitor", {
    metadata: { name: "text", namespace: "team" },
    spec: { selector, ...more },
  });
const labelled = set("service", "metadata.labels", { app: "text" });

/** The good world without what has controllers of its own. */
const withoutOperators = () => {
  const world = goodWorld();
  for (const role of ["gateway", "envoy", "prometheus", "route", "grpcRoute", "security"]) delete world[role];
  return world;
};

describeRule(monitorSelectsService, {
  good: {
    "by its label": [labelled, monitor({ matchLabels: { app: "text" } })],
    all: monitor({}),
    "in other namespaces": monitor({ matchLabels: { app: "far" } }, { namespaceSelector: { any: true } }),
  },
  bad: { "another label": [labelled, monitor({ matchLabels: { app: "txt" } })] },
  partial: { "one label of two": [labelled, monitor({ matchLabels: { app: "text", tier: "edge" } })] },
  wrongType: { "a number as a label": [labelled, monitor({ matchLabels: { app: 7 } })] },
  unknown: { selector: monitor(UNKNOWN) },
  world: withoutOperators,
});
