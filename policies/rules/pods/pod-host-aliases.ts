import { podRule } from "../../model/pods";

export const podHostAliases = podRule(
  {
    id: "pod-host-aliases",
    title: "Pods take names from DNS",
    severity: "low",
    description:
      "`hostAliases` writes the pod's own file of hosts: a name there goes where the manifest says, past DNS and whoever runs it.",
    remediation: "// A Service, or an entry in DNS.",
  },
  (pod) => {
    const names = pod
      .get("hostAliases")
      .items()
      .flatMap((alias) => alias.get("hostnames").strings());
    return pod.get("hostAliases").items().length === 0
      ? undefined
      : `must not set \`hostAliases\` (${names.join(", ")}).`;
  },
);
