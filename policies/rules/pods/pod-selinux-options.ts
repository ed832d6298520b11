import { podSecurity } from "../../model/controls";
import { containersOf, podRule } from "../../model/pods";
import type { Field } from "../../model/field";

const TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

function isCustom(owner: Field): boolean {
  const options = owner.get("securityContext", "seLinuxOptions");
  const type = options.get("type");
  const customType = type.exists() && !TYPES.includes(type.string() ?? "?");
  return (
    customType ||
    ["user", "role"].some((key) => options.get(key).exists() && options.get(key).string() !== "")
  );
}

export const podSelinuxOptions = podRule(
  {
    id: "pod-selinux-options",
    title: "Pods keep SELinux's container types",
    severity: "medium",
    description: "A type of one's own, a user or a role can leave the confinement of containers.",
    remediation: "securityContext: {} // without seLinuxOptions.user, .role and types other than container_t",
    controls: [podSecurity("baseline", "SELinux")],
  },
  (pod) =>
    [pod, ...containersOf(pod)].some(isCustom)
      ? "must not set an SELinux user, role or a type that is not a container's."
      : undefined,
);
