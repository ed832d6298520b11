import { credentialAt } from "../../model/credentials";
import { documentOf } from "../../model/iam-statements";
import { inputRule } from "../../model/input-rule";

export const taskPlaintextSecret = inputRule(
  {
    id: "task-plaintext-secret",
    title: "No credentials in the containers of ECS' tasks",
    severity: "critical",
    description:
      "A task definition is shown to everyone who may look at it, and each of its revisions stays.",
    remediation: 'secrets: [{ name: "DB_PASSWORD", valueFrom: secret.arn }] // instead of environment',
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    controls: [],
  },
  (fields) => {
    for (const container of documentOf(fields.get("containerDefinitions")).items())
      for (const variable of container.get("environment").items()) {
        const name = variable.get("name").string() ?? "";
        const value = variable.get("value");
        // An unknown value comes from another resource, not from the text of the program.
        const found = value.isUnknown ? undefined : credentialAt(name, value.string() ?? "");
        if (found !== undefined) return `must not have ${found} in the variable \`${name}\`.`;
      }
    return undefined;
  },
);
