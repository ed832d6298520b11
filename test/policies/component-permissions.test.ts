import assert from "node:assert";
import { karpenterPermissions } from "../../components/internal/karpenter-permissions";
import { loadBalancerPermissions } from "../../components/internal/load-balancer-permissions";
import { networkPermissions, tracePermissions } from "../../components/internal/serverless-permissions";
import { decryptPermission, readPermissions } from "../../components/model/repository-grant";
import { catalog } from "../../policies/catalog";
import { runRule } from "../../policies/testing";

const ACCOUNT = "111122223333";
const region = "eu-central-1";

// A preview does not know most of these: they hold ARNs of what it makes.
const PERMISSIONS: Readonly<Record<string, string>> = {
  Karpenter: karpenterPermissions({
    clusterName: "serving",
    partition: "aws",
    region,
    account: ACCOUNT,
    nodeRoleArn: `arn:aws:iam::${ACCOUNT}:role/nodes`,
    queueArn: `arn:aws:sqs:${region}:${ACCOUNT}:interruptions`,
    volumeKeyArns: [`arn:aws:kms:${region}:${ACCOUNT}:key/nodes`],
  }),
  "the load balancer controller": loadBalancerPermissions("aws", "serving"),
  "a function's network": networkPermissions(`arn:aws:lambda:${region}:${ACCOUNT}:function:text`),
  "a function's traces": tracePermissions(),
  "a model's readers": readPermissions(
    [{ key: "text/1/model.onnx", isFile: true, isSigned: false }],
    "arn:aws:s3:::models",
  ),
  "an encrypted model's readers": decryptPermission(
    "arn:aws:s3:::models",
    `arn:aws:kms:${region}:${ACCOUNT}:key/1`,
    region,
  ),
};

describe("The permissions of components", () => {
  for (const [name, policy] of Object.entries(PERMISSIONS)) {
    it(`of ${name} break no rule`, async () => {
      const broken: string[] = [];
      for (const { rule } of catalog.filter((entry) => entry.rule.id.startsWith("iam-"))) {
        const found = await runRule(rule, [{ type: "aws:iam/rolePolicy:RolePolicy", props: { policy } }]);
        broken.push(
          ...found.filter(({ state }) => state === "fail").map(({ message }) => `${rule.id}: ${message}`),
        );
      }
      assert.deepStrictEqual(broken, []);
    });
  }
});
