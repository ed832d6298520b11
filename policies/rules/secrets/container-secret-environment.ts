import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { containerRule } from "../../model/pods";

export const containerSecretEnvironment = containerRule(
  {
    id: "container-secret-environment",
    title: "Secrets are mounted as files, not as environment variables",
    severity: "low",
    description:
      "The environment is inherited by every child process and often logged; a file is read by who needs it, and can be renewed.",
    remediation: 'volumeMounts: [{ name: "key", mountPath: "/etc/slipway/key", readOnly: true }]',
    controls: [
      ...kubernetesControls("core_no_secrets_envs"),
      cisEks("4.4.1", "Prefer using secrets as files over secrets as environment variables"),
    ],
  },
  (container) => {
    const single = container
      .get("env")
      .items()
      .some((variable) => variable.get("valueFrom", "secretKeyRef").exists());
    const whole = container
      .get("envFrom")
      .items()
      .some((source) => source.get("secretRef").exists());
    return single || whole ? "must mount its Secrets as files." : undefined;
  },
);
