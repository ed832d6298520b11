import { HELM_TYPES } from "../../model/helm";
import type { ResourceRule } from "../../model/rule";

export const helmRepositoryTls: ResourceRule = {
  id: "helm-repository-tls",
  title: "Helm charts are fetched over TLS",
  severity: "high",
  description:
    "A chart may create any object with the deployer's rights; over plain HTTP whoever is on the way chooses them.",
  remediation:
    'repositoryOpts: { repo: "https://charts.example" } // or chart: "oci://registry.example/charts/x"',
  types: HELM_TYPES,
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const place of [subject.fields.get("chart"), subject.fields.get("repositoryOpts", "repo")]) {
      verdict.judge(subject, () => {
        if (/^http:/i.test(place.string() ?? "")) {
          verdict.fail(subject, `must fetch \`${place.path}\` over https, not from ${place.show()}.`);
        }
      });
    }
    for (const path of [
      ["plainHttp"],
      ["repositoryOpts", "insecureSkipTlsVerify"],
      ["insecureSkipTlsVerify"],
    ]) {
      verdict.judge(subject, () => {
        const place = subject.fields.get(...path);
        if (!place.isOff()) verdict.fail(subject, `must not set \`${place.path}\`.`);
      });
    }
  },
};
