import { podRule } from "../../model/pods";
import { hasText } from "../../model/scalars";

export const podServiceAccountField = podRule(
  {
    id: "pod-service-account-field",
    title: "Pods name their account by `serviceAccountName`",
    severity: "low",
    description:
      "`serviceAccount` is an alias of old that the API server copies; tools that read what is written down, rules among them, take the pod for one of the default account.",
    remediation: "serviceAccountName: account.metadata.name",
  },
  (pod) =>
    pod.get("serviceAccount").exists() && !hasText(pod.get("serviceAccountName"))
      ? "must name its account by `serviceAccountName`, not by the deprecated `serviceAccount`."
      : undefined,
);
