import type { ResourceRule } from "../../model/rule";
import { POD_TYPES, podTemplatesOf } from "../../model/pods";
import { namespaceOf } from "../../model/subject";

const RESERVED = ["system-node-critical", "system-cluster-critical"];
const DEFAULT_NAMESPACES = ["kube-system", "gpu-operator"];

export const podPriorityClass: ResourceRule = {
  id: "pod-priority-class",
  title: "Workloads do not take the system's priority",
  severity: "medium",
  description:
    "Pods with a system-critical class push out everything else when a node is full, the gateway and the servers among it.",
  remediation: "priorityClassName: priorityClass.metadata.name // a PriorityClass of your own",
  types: POD_TYPES,
  controls: [],
  configSchema: {
    properties: {
      namespaces: {
        type: "array",
        items: { type: "string" },
        default: DEFAULT_NAMESPACES,
        description: "Namespaces of what nodes and cluster cannot do without.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const allowed = Array.isArray(config["namespaces"]) ? config["namespaces"] : DEFAULT_NAMESPACES;
    for (const template of podTemplatesOf(subject)) {
      const name = template.get("spec", "priorityClassName").string() ?? "";
      if (RESERVED.includes(name) && !allowed.includes(namespaceOf(subject))) {
        verdict.fail(subject, `must not take the priority class \`${name}\`.`);
      }
    }
  },
};
