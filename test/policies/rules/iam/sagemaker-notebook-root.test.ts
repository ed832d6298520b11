import { sagemakerNotebookRoot } from "../../../../policies/rules/iam/sagemaker-notebook-root";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const notebook = (props: object) =>
  put("notebook", "aws:sagemaker/notebookInstance:NotebookInstance", {
    kmsKeyId: "key",
    directInternetAccess: "Disabled",
    subnetId: "subnet-1",
    ...props,
  });

describeRule(sagemakerNotebookRoot, {
  good: { off: notebook({ rootAccess: "Disabled" }) },
  bad: { on: notebook({ rootAccess: "Enabled" }), "not said": notebook({}) },
  partial: { none: "the access is one word" },
  wrongType: { "a switch": notebook({ rootAccess: false }) },
  unknown: { it: notebook({ rootAccess: UNKNOWN }) },
});
