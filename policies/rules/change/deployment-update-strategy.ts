import type { Field } from "../../model/field";
import type { ResourceRule } from "../../model/rule";
import { kubernetesKind } from "../../model/subject";

/** @throws UnknownRead */
function takesAll(unavailable: Field, replicas: Field): boolean {
  const text = unavailable.string();
  if (text === "100%") return true;
  const count = unavailable.number();
  const all = replicas.exists() ? replicas.number() : 1;
  return count !== undefined && count > 0 && all !== undefined && count >= all;
}

export const deploymentUpdateStrategy: ResourceRule = {
  id: "deployment-update-strategy",
  title: "Updates replace some pods at a time",
  severity: "medium",
  description:
    "Recreate, or a `maxUnavailable` of all, stops the old pods before the new ones answer; OnDelete leaves the old ones running, fixes or not.",
  remediation: 'strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }',
  types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const isDeployment = kubernetesKind(subject.type)?.kind === "Deployment";
    const strategy = subject.fields.get("spec", isDeployment ? "strategy" : "updateStrategy");
    const type = strategy.get("type").string();
    if (type === "Recreate" || type === "OnDelete") {
      verdict.fail(subject, `must not use the strategy ${type}.`);
    } else if (
      isDeployment &&
      takesAll(strategy.get("rollingUpdate", "maxUnavailable"), subject.fields.get("spec", "replicas"))
    ) {
      verdict.fail(
        subject,
        `must keep pods during an update, not \`maxUnavailable: ${strategy.get("rollingUpdate", "maxUnavailable").show()}\`.`,
      );
    }
  },
};
