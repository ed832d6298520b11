import { podSecurity } from "../../model/controls";
import { podRule } from "../../model/pods";

const SAFE = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
]);

export const podUnsafeSysctls = podRule(
  {
    id: "pod-unsafe-sysctls",
    title: "Pods set only safe kernel parameters",
    severity: "medium",
    description: "Parameters outside the safe list act on the whole node.",
    remediation: "securityContext: {} // without `sysctls`, or only those that Kubernetes calls safe",
    controls: [podSecurity("baseline", "Sysctls")],
  },
  (pod) => {
    const wrong = pod
      .get("securityContext", "sysctls")
      .items()
      .map((sysctl) => sysctl.get("name"))
      .filter((name) => !SAFE.has(name.string() ?? ""));
    return wrong.length === 0
      ? undefined
      : `must not set the sysctls ${wrong.map((name) => name.show()).join(", ")}.`;
  },
);
