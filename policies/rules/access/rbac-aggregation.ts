import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { selects } from "../../model/labels";

const BUILT_IN = ["kubernetes.io/bootstrapping", "rbac-defaults"] as const;

/** Roles that every cluster has and that allow nearly everything, by the labels they have there. */
const BROADEST: readonly (readonly [name: string, labels: ReadonlyMap<string, string>])[] = [
  ["cluster-admin", new Map([BUILT_IN])],
  [
    "system:aggregate-to-admin",
    new Map([BUILT_IN, ["rbac.authorization.k8s.io/aggregate-to-admin", "true"]]),
  ],
];

export const rbacAggregation = eachRule<Field>(
  {
    id: "rbac-aggregation",
    title: "Aggregated roles collect rules by a label of their own",
    severity: "critical",
    description:
      "A ClusterRole with an `aggregationRule` gets the rules of every role that its selectors pick. An empty selector, or one that only excludes, picks `cluster-admin` too, and whatever is installed later.",
    remediation:
      'aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "rbac.example.com/aggregate-to-viewer": "true" } }] }',
    types: ["kubernetes:rbac.authorization.k8s.io/*:ClusterRole"],
    controls: [],
  },
  (fields) =>
    // The cluster's own role of that name collects them rightly.
    fields.get("metadata", "name").string() === "admin"
      ? []
      : fields.get("aggregationRule", "clusterRoleSelectors").items(),
  (selector) => {
    const picked = BROADEST.find(([, labels]) => selects(selector, labels));
    return picked && `must not collect the rules of \`${picked[0]}\` (\`${selector.path}\`).`;
  },
);
