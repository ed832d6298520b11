import { containerEphemeralStorageLimit } from "../../../../policies/rules/pods/container-ephemeral-storage-limit";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, server, set } from "../../support/edits";

const LIMIT = server("resources.limits");

describeRule(containerEphemeralStorageLimit, {
  good: { "a number of bytes": set("deployment", `${LIMIT}.ephemeral-storage`, 1073741824) },
  bad: {
    none: remove("deployment", `${LIMIT}.ephemeral-storage`),
    "an init container": remove("deployment", pod("initContainers.0.resources.limits.ephemeral-storage")),
  },
  partial: {
    "requests only": [
      set("deployment", server("resources.requests.ephemeral-storage"), "1Gi"),
      remove("deployment", `${LIMIT}.ephemeral-storage`),
    ],
  },
  notJudged: { "limits are a text, of which the rule on memory speaks": set("deployment", LIMIT, "1Gi") },
  unknown: { limit: set("deployment", `${LIMIT}.ephemeral-storage`, UNKNOWN) },
});
