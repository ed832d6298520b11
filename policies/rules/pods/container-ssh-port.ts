import { containerRule } from "../../model/pods";

const SSH = 22;

export const containerSshPort = containerRule(
  {
    id: "container-ssh-port",
    title: "Containers run no SSH server",
    severity: "medium",
    description:
      "A shell that is reached past the API server is neither authorised nor recorded by it; `kubectl exec` is both.",
    remediation: "ports: [{ containerPort: 8000 }] // without 22",
  },
  (container) =>
    container
      .get("ports")
      .items()
      .some((port) => port.get("containerPort").value() === SSH)
      ? "must not offer port 22."
      : undefined,
);
