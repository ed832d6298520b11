import { sagemakerInternetAccess } from "../../../../policies/rules/network/sagemaker-internet-access";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const notebook = (props: object) =>
  put("notebook", "aws:sagemaker/notebookInstance:NotebookInstance", {
    kmsKeyId: "key",
    rootAccess: "Disabled",
    ...props,
  });
const domain = (props: object) =>
  put("domain", "aws:sagemaker/domain:Domain", {
    domainName: "lab",
    subnetIds: ["subnet-1"],
    kmsKeyId: "key",
    ...props,
  });

describeRule(sagemakerInternetAccess, {
  good: {
    notebook: notebook({ directInternetAccess: "Disabled", subnetId: "subnet-1" }),
    domain: domain({ appNetworkAccessType: "VpcOnly" }),
  },
  bad: {
    "a notebook": notebook({ directInternetAccess: "Enabled", subnetId: "subnet-1" }),
    "a notebook without a subnet": notebook({}),
    "a domain": domain({ appNetworkAccessType: "PublicInternetOnly" }),
    "a domain that does not say": domain({}),
  },
  partial: { "a subnet alone": notebook({ subnetId: "subnet-1" }) },
  wrongType: { "a switch": notebook({ directInternetAccess: false }) },
  unknown: { it: notebook({ directInternetAccess: UNKNOWN }) },
});
