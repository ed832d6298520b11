import { inputRule } from "../../model/input-rule";

/** The property that decides, and the value that keeps to the VPC; the other one is the default of both. */
const SETTINGS: Readonly<Record<string, readonly [property: string, value: string]>> = {
  "aws:sagemaker/notebookInstance:NotebookInstance": ["directInternetAccess", "Disabled"],
  "aws:sagemaker/domain:Domain": ["appNetworkAccessType", "VpcOnly"],
};

export const sagemakerInternetAccess = inputRule(
  {
    id: "sagemaker-internet-access",
    title: "Notebooks reach the internet through the VPC only",
    severity: "high",
    description:
      "A notebook with an access of its own passes by the VPC's firewalls and logs, with the data that its role may read.",
    remediation:
      'directInternetAccess: "Disabled", subnetId: subnet.id // of a domain: appNetworkAccessType: "VpcOnly"',
    types: Object.keys(SETTINGS),
    controls: [],
  },
  (fields, { type }) => {
    const [property, value] = SETTINGS[type]!;
    return fields.get(property).string() === value ? undefined : `must set \`${property}: "${value}"\`.`;
  },
);
