import { awsControls } from "../../model/aws-controls";
import { asText } from "../../model/scalars";
import type { ResourceRule } from "../../model/rule";

/** The oldest that AWS supports without extra pay in the days of this release; a stack's configuration moves it on. */
const OLDEST = "1.33";

function minorOf(version: string): number | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)(?:\.|$)/.exec(version) ?? [];
  return major === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

export const eksVersion: ResourceRule = {
  id: "eks-version",
  title: "EKS runs a version that is still mended",
  severity: "medium",
  description:
    "Flaws that are found in an old version stay open, and one day AWS upgrades the cluster unasked.",
  remediation: 'new aws.eks.Cluster(name, { …, version: "1.35" })',
  types: ["aws:eks/cluster:Cluster"],
  controls: awsControls("eks_cluster_uses_a_supported_version"),
  configSchema: {
    properties: {
      oldest: { type: "string", default: OLDEST, description: "The oldest version allowed, such as 1.33." },
    },
  },
  scope: "resource",
  check(subject, verdict, { oldest }) {
    const least = minorOf(typeof oldest === "string" ? oldest : OLDEST) ?? minorOf(OLDEST)!;
    const version = asText(subject.fields.get("version"));
    const given = minorOf(version);
    // Without one EKS takes its newest default.
    if (given === undefined || given >= least) return;
    verdict.fail(
      subject,
      `must run Kubernetes ${Math.floor(least / 1000)}.${least % 1000} or later (given: ${version}).`,
    );
  },
};
