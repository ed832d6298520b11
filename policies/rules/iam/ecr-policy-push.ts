import { principalsOf, statementsOf } from "../../model/iam-statements";
import { coversAction, grantOf } from "../../model/iam-policies";
import { eachRule } from "../../model/input-rule";

const ACCOUNT = /^\d{12}$|:root$/;

export const ecrPolicyPush = eachRule(
  {
    id: "ecr-policy-push",
    title: "Only named roles push images",
    severity: "medium",
    description: "Where a whole account may push, every one of its roles can replace what is deployed next.",
    remediation:
      'Principal: { AWS: [pipelineRole.arn] }, Action: ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]',
    types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"],
    controls: [],
  },
  (fields) => statementsOf(fields.get("policy")),
  (statement) => {
    const grant = grantOf(statement);
    if (!grant?.actions.some((action) => coversAction(action, "ecr:putimage"))) return undefined;
    const account = principalsOf(statement).find(({ kind, name }) => kind === "AWS" && ACCOUNT.test(name));
    return account && `must let a role push images rather than the account \`${account.name}\`.`;
  },
);
