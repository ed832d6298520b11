import { inputRule } from "../../model/input-rule";

export const sagemakerNotebookRoot = inputRule(
  {
    id: "sagemaker-notebook-root",
    title: "Users of notebooks are not root",
    severity: "medium",
    description:
      "With root access, which is the default, a user can switch off what watches the machine. Lifecycle scripts have it anyway.",
    remediation: 'rootAccess: "Disabled"',
    types: ["aws:sagemaker/notebookInstance:NotebookInstance"],
    controls: [],
  },
  (fields) =>
    fields.get("rootAccess").string() === "Disabled" ? undefined : 'must set `rootAccess: "Disabled"`.',
);
