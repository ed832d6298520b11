import { publicPolicyRule } from "../../model/resource-policies";

export const secretPolicyPublic = publicPolicyRule({
  id: "secret-policy-public",
  title: "Policies of secrets let in nobody unnamed",
  severity: "critical",
  waivable: false,
  description: "A secret that everyone may read is none.",
  remediation: "Principal: { AWS: [role.arn] }",
  types: ["aws:secretsmanager/secretPolicy:SecretPolicy", "aws:secretsmanager/secret:Secret"],
  controls: [],
});
