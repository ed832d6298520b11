import { cisEks } from "../../model/controls";
import { publicPolicyRule } from "../../model/resource-policies";

export const ecrPolicyPublic = publicPolicyRule({
  id: "ecr-policy-public",
  title: "Repository policies let in nobody unnamed",
  severity: "high",
  description:
    "Everyone could pull the images, with the code and models in them, or push others in their place.",
  remediation:
    'Principal: { AWS: [nodeRole.arn] }, Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]',
  types: ["aws:ecr/repositoryPolicy:RepositoryPolicy", "aws:ecr/registryPolicy:RegistryPolicy"],
  controls: [cisEks("5.1.2", "Minimize user access to Amazon ECR")],
});
