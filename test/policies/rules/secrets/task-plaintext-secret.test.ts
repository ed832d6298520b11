import { taskPlaintextSecret } from "../../../../policies/rules/secrets/task-plaintext-secret";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const task = (...environment: unknown[]) =>
  put("task", "aws:ecs/taskDefinition:TaskDefinition", {
    family: "a",
    containerDefinitions: JSON.stringify([{ name: "a", environment }]),
  });

describeRule(taskPlaintextSecret, {
  good: {
    none: task({ name: "LEVEL", value: "info" }),
    "a path": task({ name: "TOKEN", value: "/etc/token" }),
  },
  bad: { "a password": task({ name: "DB_PASSWORD", value: "hunter2-prod" }) },
  partial: {
    "one of two": task({ name: "LEVEL", value: "info" }, { name: "KEY", value: "AKIAIOSFODNN7EXAMPLE" }),
  },
  notJudged: {
    "no JSON": put("task", "aws:ecs/taskDefinition:TaskDefinition", { containerDefinitions: "x" }),
  },
  unknown: {
    containers: put("task", "aws:ecs/taskDefinition:TaskDefinition", {
      family: "a",
      containerDefinitions: UNKNOWN,
    }),
  },
});
