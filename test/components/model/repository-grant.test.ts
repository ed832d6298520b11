import assert from "node:assert";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { ModelRepository, type ModelReference, type S3RepositoryArgs } from "../../../components";
import { readPermissions } from "../../../components/model/repository-grant";
import { declare } from "../support/declared";
import { awsInputs, KEY_ARN, OCR, s3Args } from "../support/repositories";

describe("the grant of a ModelRepository in S3", () => {
  async function granted(
    changes: Partial<S3RepositoryArgs>,
    models: readonly ModelReference[] = [OCR],
    name = "text",
  ) {
    return declare(() => {
      const repository = new ModelRepository("models", s3Args({ ...changes, models }));
      repository.access(models).grant!(`${name}-models`, { namespace: "slipway", name }, {});
    });
  }

  it("reads exactly the service's models with exactly the bucket's key", async () => {
    const models = [OCR, { ...OCR, name: "vad", source: "vad" }];
    const declaration = await granted(
      { existing: { bucket: "old", keyArn: KEY_ARN, region: "eu-west-1" }, prefix: "live" },
      models,
    );
    assert.deepEqual(JSON.parse(awsInputs(declaration, "iam/RolePolicy", "text-models-policy").policy), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::old/live/ocr/4/model.onnx", "arn:aws:s3:::old/live/vad/*"],
        },
        {
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::old"],
          Condition: { StringEquals: { "s3:prefix": ["live/vad/"] } },
        },
      ],
    });
    assert.deepEqual(JSON.parse(awsInputs(declaration, "iam/RolePolicy", "text-models-decryption").policy), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [KEY_ARN],
          Condition: {
            StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
            StringLike: {
              "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::old", "arn:aws:s3:::old/*"],
            },
          },
        },
      ],
    });
  });

  it("lists nothing for single files, and decrypts nothing where there is no key", async () => {
    const declaration = await granted({ existing: { bucket: "old" } });
    const policies = declaration.resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.deepEqual(
      policies.map(({ inputs }) => JSON.parse(inputs.policy).Statement),
      [
        [
          {
            Effect: "Allow",
            Action: ["s3:GetObject"],
            Resource: ["arn:aws:s3:::old/ocr/4/model.onnx"],
          },
        ],
      ],
    );
  });

  it("is for the one service account of the one cluster", async () => {
    const declaration = await granted({ tags: { team: "ocr" } });
    const role = awsInputs(declaration, "iam/Role", "text-models-role");
    assert.deepEqual(JSON.parse(role.assumeRolePolicy), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: {
              "aws:RequestTag/eks-cluster-name": "serving",
              "aws:RequestTag/kubernetes-namespace": "slipway",
              "aws:RequestTag/kubernetes-service-account": "text",
            },
          },
        },
      ],
    });
    assert.deepEqual(role.tags, { team: "ocr" });
    assert.deepEqual(awsInputs(declaration, "eks/PodIdentityAssociation", "text-models-identity"), {
      clusterName: "serving",
      namespace: "slipway",
      serviceAccount: "text",
      roleArn: "arn:aws:mock:eu-central-1:123456789012:text-models-role",
      tags: { team: "ocr" },
    });
  });

  it("is made with the repository's provider of AWS where the service has none, else with the service's", async () => {
    const regionOf = (provider: string | undefined) => /::(\w+)::[^:]*$/.exec(provider ?? "")?.[1];
    const { resources } = await declare(() => {
      const provider = new aws.Provider("bucket", { region: "eu-west-1" });
      const repository = new ModelRepository("models", s3Args({ existing: { bucket: "old" } }), { provider });
      for (const [name, opts] of [
        ["plain", {}],
        ["own", { provider: new aws.Provider("cluster", { region: "us-east-1" }) }],
      ] as const) {
        const parent = new pulumi.ComponentResource("test:index:Service", name, {}, opts);
        repository.access([OCR]).grant!(name, { namespace: "slipway", name }, { parent });
      }
    });
    const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
    assert.deepEqual(roles.map(({ name, provider }) => [name, regionOf(provider)]).sort(), [
      ["own-role", "cluster"],
      ["plain-role", "bucket"],
    ]);
  });

  it("keeps the role's name within IAM's limit for the longest names of services", async () => {
    const name = "s".repeat(50);
    const declaration = await granted({}, [OCR], name);
    const role = declaration.resources.find(({ type }) => type === "aws:iam/role:Role")!.name;
    // Pulumi adds "-" and seven characters.
    assert.equal(role.length + 8, 64);
    assert.match(role, /^s{47}-[0-9a-f]{8}$/);
  });

  it("says when the models' paths are more than a role's policy holds", async () => {
    const models = Array.from({ length: 128 }, (_, i) => ({ ...OCR, name: `${"m".repeat(50)}${i}` }));
    const keys = models.map(({ name }) => ({ key: `${name}/4/model.onnx`, isFile: true, isSigned: false }));
    const { length } = readPermissions(keys, "arn:aws:s3:::old");
    assert.ok(length > 10_240);
    await declare(() => {
      const repository = new ModelRepository("models", s3Args({ existing: { bucket: "old" }, models }));
      const account = { namespace: "slipway", name: "text" };
      assert.throws(() => repository.access(models).grant!("text-models", account, {}), {
        message: `ModelRepository "models": \`models\`: reading 128 models takes IAM policies of ${length} characters, more than the 10240 of a role; use a further service, or shorter paths`,
      });
      repository.access(models.slice(0, 90)).grant!("text-models", account, {});
    });
  });
});
