import { inputRule } from "../../model/input-rule";
import { saysOff } from "../../model/scalars";

export const athenaWorkgroupEnforced = inputRule(
  {
    id: "athena-workgroup-enforced",
    title: "Clients cannot undo a workgroup's settings",
    severity: "medium",
    description:
      "With `enforceWorkgroupConfiguration: false` a client names its own bucket and no encryption.",
    remediation: "configuration: { enforceWorkgroupConfiguration: true, … }",
    types: ["aws:athena/workgroup:Workgroup"],
    controls: [],
  },
  (fields) =>
    // Without a word Athena enforces them.
    saysOff(fields.get("configuration", "enforceWorkgroupConfiguration"))
      ? "must not set `configuration.enforceWorkgroupConfiguration: false`."
      : undefined,
);
