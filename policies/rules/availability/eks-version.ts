import { awsControls } from "../../model/aws-controls";
import type { ResourceRule } from "../../model/rule";
import { asText } from "../../model/scalars";
import { AS_OF, citation, judgeSupport, SUPPORT } from "../../model/support-window";

const KUBERNETES_VERSION = /^(\d+)\.(\d+)(?:\.|$)/;

function minorOf(version: string): number | undefined {
  const [, major, minor] = KUBERNETES_VERSION.exec(version) ?? [];
  return major === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

/** The oldest version that the table knows: what is older than that was out of support long before. */
const OLDEST_KNOWN = Math.min(...Object.keys(SUPPORT.eks.ends).map((version) => minorOf(version)!));

export const eksVersion: ResourceRule = {
  id: "eks-version",
  title: "EKS runs a version that is still mended",
  severity: "medium",
  description: `Flaws that are found in an old version stay open, and one day AWS upgrades the cluster unasked. The days are those of ${citation(SUPPORT.eks)}.`,
  remediation: 'new aws.eks.Cluster(name, { …, version: "1.35" })',
  types: ["aws:eks/cluster:Cluster"],
  controls: awsControls("eks_cluster_uses_a_supported_version"),
  configSchema: {
    properties: {
      oldest: {
        type: "string",
        default: "",
        description: "The oldest version allowed, such as 1.33, in place of the days of support.",
      },
      asOf: AS_OF,
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const version = asText(subject.fields.get("version"));
    const given = minorOf(version);
    // Without one EKS takes its newest default.
    if (given === undefined) return;
    const { oldest } = config;
    const least = typeof oldest === "string" ? minorOf(oldest) : undefined;
    const name = `${Math.floor(given / 1000)}.${given % 1000}`;
    if (least !== undefined) {
      if (given < least) verdict.fail(subject, `must run Kubernetes ${oldest} or later (given: ${version}).`);
    } else if (given < OLDEST_KNOWN) {
      verdict.fail(subject, `must not run Kubernetes ${name}, which is long out of support.`);
    } else judgeSupport(subject, verdict, config, SUPPORT.eks, name, `Kubernetes ${name}`);
  },
};
