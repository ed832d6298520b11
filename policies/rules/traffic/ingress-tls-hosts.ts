import type { ResourceRule } from "../../model/rule";

/** Whether a certificate's host stands for the host of a rule; a wildcard stands for one label. */
function covers(certified: string, host: string): boolean {
  if (certified === host) return true;
  return certified.startsWith("*.") && host.slice(host.indexOf(".")) === certified.slice(1);
}

export const ingressTlsHosts: ResourceRule = {
  id: "ingress-tls-hosts",
  title: "An Ingress ends TLS for each of its hosts",
  severity: "medium",
  description:
    "A host that no entry of `tls` names is answered in plain text, or with the controller's own certificate, which no client trusts.",
  remediation: "spec: { tls: [{ hosts: rules.map(({ host }) => host), secretName }] }",
  types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const entries = subject.fields.get("spec", "tls").items();
    // Without hosts an entry is for all of them; without entries there is another rule.
    if (entries.length === 0 || entries.some((entry) => entry.get("hosts").items().length === 0)) return;
    const certified = entries.flatMap((entry) => entry.get("hosts").strings());
    for (const rule of subject.fields.get("spec", "rules").items()) {
      verdict.judge(subject, () => {
        const host = rule.get("host").string();
        if (host === undefined || host === "" || certified.some((one) => covers(one, host))) return;
        verdict.fail(subject, `must name \`${host}\` among the hosts of \`spec.tls\`.`);
      });
    }
  },
};
