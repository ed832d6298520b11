import { cisEks, cisKubernetes } from "../../model/controls";
import { accountNameOf, podRule } from "../../model/pods";

export const podDefaultServiceAccount = podRule(
  {
    id: "pod-default-service-account",
    title: "Pods have a service account of their own",
    severity: "low",
    description:
      "What is granted to the namespace's default account is granted to every pod that names none.",
    remediation: "serviceAccountName: serviceAccount.metadata.name",
    controls: [
      cisKubernetes("5.1.5", "Ensure that default service accounts are not actively used."),
      cisEks("4.1.5", "Ensure that default service accounts are not actively used."),
    ],
  },
  (pod) =>
    accountNameOf(pod) === "default" ? "must name a service account other than `default`." : undefined,
);
