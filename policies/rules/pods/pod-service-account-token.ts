import { cisEks, cisKubernetes, nsaCisa } from "../../model/controls";
import { accountNameOf, POD_KINDS, POD_TYPES, podTemplatesOf } from "../../model/pods";
import type { StackRule } from "../../model/rule";
import { groupBy } from "../../model/group-by";
import { nameOf, namespaceOf, type Subject } from "../../model/subject";

/** Names and namespaces can be unknown; such an account is found by no key, so its pods are judged without it. */
function keyOf(account: Subject): string {
  const { name, namespace } = {
    name: account.fields.get("metadata", "name"),
    namespace: account.fields.get("metadata", "namespace"),
  };
  return name.isUnknown || namespace.isUnknown ? "" : `${namespaceOf(account)}/${nameOf(account)}`;
}

export const podServiceAccountToken: StackRule = {
  id: "pod-service-account-token",
  title: "Pods get no token for the Kubernetes API unless they use it",
  severity: "medium",
  description:
    "A mounted token is a credential for the API server that an intruder finds in every container. An inference server never calls the API.",
  remediation: "automountServiceAccountToken: false // in the pod spec, or on its ServiceAccount",
  types: POD_TYPES,
  controls: [
    cisKubernetes("5.1.6", "Ensure that Service Account Tokens are only mounted where necessary"),
    nsaCisa("C-0034", "Automatic mapping of service account"),
    cisEks("4.1.6", "Ensure that Service Account Tokens are only mounted where necessary"),
  ],
  scope: "stack",
  check(stack, verdict) {
    const accounts = groupBy(stack.ofKind("", "ServiceAccount"), keyOf);
    for (const workload of POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind))) {
      verdict.judge(workload, () => {
        const mounting = podTemplatesOf(workload).some((template) => {
          const pod = template.get("spec");
          if (!pod.exists()) return false;
          const own = pod.get("automountServiceAccountToken");
          if (own.value() === false) return false;
          const declared = accounts.get(`${namespaceOf(workload)}/${accountNameOf(pod)}`) ?? [];
          const offByAccount = declared.some(
            ({ fields }) => fields.get("automountServiceAccountToken").value() === false,
          );
          return own.exists() || !offByAccount;
        });
        if (!mounting) return;
        verdict.fail(workload, "must set `automountServiceAccountToken: false`, or its ServiceAccount must.");
      });
    }
  },
};
