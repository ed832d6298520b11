import { UNKNOWN } from "../../../../policies/testing";
import { helmRepositoryTls } from "../../../../policies/rules/supply-chain/helm-repository-tls";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const release = (props: Record<string, unknown>) =>
  put("release", "kubernetes:helm.sh/v4:Chart", { chart: "gateway-helm", version: "1.5.1", ...props });

describeRule(helmRepositoryTls, {
  good: {
    "over TLS": release({ repositoryOpts: { repo: "https://charts.example" } }),
    "of a registry": release({ chart: "oci://registry.example/charts/gateway" }),
  },
  bad: {
    "in plain text": release({ repositoryOpts: { repo: "http://charts.example" } }),
    "an archive in plain text": release({ chart: "http://charts.example/gateway.tgz" }),
    "a registry in plain text": release({ plainHttp: true }),
  },
  partial: {
    "TLS unverified": release({
      repositoryOpts: { repo: "https://charts.example", insecureSkipTlsVerify: true },
    }),
  },
  wrongType: { text: release({ plainHttp: "no" }) },
  unknown: { repository: release({ repositoryOpts: { repo: UNKNOWN } }) },
});
