import { accountNameOf, POD_KINDS, POD_TYPES, podTemplatesOf } from "../../model/pods";
import { Declared, operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import { namespaceOf } from "../../model/subject";

export const podServiceAccountExists: StackRule = {
  id: "pod-service-account-exists",
  title: "Pods run under an account that is there",
  severity: "medium",
  description:
    "A pod of an account that does not exist is not made, and gets whatever rights are given to that name later. Judged where the stack declares other accounts in the namespace, and nothing there by which an operator makes some.",
  remediation: "serviceAccountName: account.metadata.name",
  types: POD_TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const accounts = new Declared(stack, "", "ServiceAccount");
    const operated = operatedNamespaces(stack);
    for (const [group, kind] of POD_KINDS) {
      for (const workload of stack.ofKind(group, kind)) {
        verdict.judge(workload, () => {
          if (operated.has(namespaceOf(workload))) return;
          for (const template of podTemplatesOf(workload)) {
            const name = accountNameOf(template.get("spec"));
            // Every namespace has that one.
            if (name === "default") continue;
            const presence = accounts.has(namespaceOf(workload), name);
            if (presence === "missing")
              verdict.fail(workload, `names the account \`${name}\`, which the stack does not declare.`);
            else if (presence === "unknown")
              verdict.indeterminate(
                workload,
                `names \`${name}\`, which may have a name that is not known yet.`,
              );
          }
        });
      }
    }
  },
};
