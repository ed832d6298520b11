import { covers } from "../../model/addresses";
import type { ResourceRule } from "../../model/rule";

const METADATA = "169.254.169.254/32";

export const networkPolicyMetadataAddress: ResourceRule = {
  id: "network-policy-metadata-address",
  title: "No egress rule reaches the cloud's metadata address",
  severity: "high",
  description:
    "The instance metadata service at 169.254.169.254 hands the node's own credentials to whoever asks from it; a range such as 0.0.0.0/0 includes it.",
  remediation: 'to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }]',
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const rule of subject.fields.get("spec", "egress").items()) {
      for (const peer of rule.get("to").items()) {
        verdict.judge(subject, () => {
          const cidr = peer.get("ipBlock", "cidr").string() ?? "";
          if (!covers(cidr, METADATA)) return;
          const spared = peer.get("ipBlock", "except").strings();
          if (spared.some((range) => covers(range, METADATA))) return;
          verdict.fail(
            subject,
            `must take 169.254.169.254 out of \`${cidr}\` (\`${peer.path}\`) by \`except\`.`,
          );
        });
      }
    }
  },
};
