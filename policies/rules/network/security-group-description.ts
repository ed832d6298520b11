import { inputRule } from "../../model/input-rule";

/** What the provider fills in. */
const PLACEHOLDER = "Managed by Pulumi";

export const securityGroupDescription = inputRule(
  {
    id: "security-group-description",
    title: "Security groups say what they are for",
    severity: "low",
    description:
      "A group without a word of its purpose is never closed again: nobody dares, and its description cannot be changed later without a new group.",
    remediation: 'description: "Load balancer to the shop"',
    types: ["aws:ec2/securityGroup:SecurityGroup"],
    controls: [],
  },
  (fields) => {
    const text = fields.get("description").string()?.trim() ?? "";
    return text === "" || text === PLACEHOLDER ? "must have a `description` of its own." : undefined;
  },
);
