import { inputRule } from "../../model/input-rule";

export const stepFunctionsLogs = inputRule(
  {
    id: "step-functions-logs",
    title: "State machines log their executions",
    severity: "medium",
    description: "Without a log nobody can tell which step of a failed or of a forged execution did what.",
    remediation: 'loggingConfiguration: { level: "ALL", logDestination: `${group.arn}:*` }',
    types: ["aws:sfn/stateMachine:StateMachine"],
    controls: [],
  },
  (fields) => {
    const level = fields.get("loggingConfiguration", "level");
    return ["ALL", "ERROR", "FATAL"].includes(level.string() ?? "")
      ? undefined
      : `must set \`loggingConfiguration.level\` to "ALL" or "ERROR" (given: ${level.show()}).`;
  },
);
