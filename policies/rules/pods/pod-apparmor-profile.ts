import { podSecurity } from "../../model/controls";
import { containersOf, podRule } from "../../model/pods";
import type { Field } from "../../model/field";

const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

function isUnconfined(owner: Field): boolean {
  const type = owner.get("securityContext", "appArmorProfile", "type");
  return type.exists() && !["RuntimeDefault", "Localhost"].includes(type.string() ?? "");
}

export const podAppArmorProfile = podRule(
  {
    id: "pod-apparmor-profile",
    title: "Pods do not switch AppArmor off",
    severity: "medium",
    description:
      "The runtime's AppArmor profile confines a container where the node supports it; Unconfined takes it away.",
    remediation: 'securityContext: { appArmorProfile: { type: "RuntimeDefault" } } // or leave it out',
    controls: [podSecurity("baseline", "AppArmor")],
  },
  (pod, template) => {
    const annotations = template.get("metadata", "annotations").entries();
    const byAnnotation = annotations.some(
      ([key, value]) => key.startsWith(ANNOTATION) && value.string()?.startsWith("unconfined"),
    );
    return byAnnotation || [pod, ...containersOf(pod)].some(isUnconfined)
      ? "must not run unconfined by AppArmor."
      : undefined;
  },
);
