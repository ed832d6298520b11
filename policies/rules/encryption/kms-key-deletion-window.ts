import type { ResourceRule } from "../../model/rule";

/** In days; AWS allows 7 to 30, and takes 30 where nothing is said. */
const DEFAULT_MINIMUM = 14;

export const kmsKeyDeletionWindow: ResourceRule = {
  id: "kms-key-deletion-window",
  title: "Deleting a KMS key can be undone long enough",
  severity: "low",
  description:
    "What a key has encrypted is lost with it; the waiting time is all that stands between a slip and that.",
  remediation: "new aws.kms.Key(name, { deletionWindowInDays: 30 })",
  types: ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey"],
  controls: [],
  configSchema: {
    properties: {
      minimum: {
        type: "integer",
        minimum: 7,
        maximum: 30,
        default: DEFAULT_MINIMUM,
        description: "Fewest days between the order to delete a key and its end.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const minimum = typeof config["minimum"] === "number" ? config["minimum"] : DEFAULT_MINIMUM;
    const days = subject.fields.get("deletionWindowInDays");
    if (!days.exists() || (days.number() ?? 0) >= minimum) return;
    verdict.fail(subject, `must wait at least ${minimum} days before it is deleted, not ${days.show()}.`);
  },
};
