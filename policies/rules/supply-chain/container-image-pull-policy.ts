import { containerRule } from "../../model/pods";

export const containerImagePullPolicy = containerRule(
  {
    id: "container-image-pull-policy",
    title: "Images are fetched, not found on a node",
    severity: "low",
    description:
      "With imagePullPolicy Never a pod starts from whatever somebody put on the node under that name, and on no other node.",
    remediation: 'imagePullPolicy: "IfNotPresent" // or leave it out',
  },
  (container) =>
    container.get("imagePullPolicy").string() === "Never"
      ? "must not set `imagePullPolicy: Never`."
      : undefined,
);
