import assert from "node:assert";
import { ModelRepository, ServingStack, type S3RepositoryArgs } from "../../../components";
import { declare } from "../support/declared";
import { stackArgs } from "../support/examples";
import { awsInputs, OCR, s3Args } from "../support/repositories";

async function refused(changes: Partial<S3RepositoryArgs>, message: string, name = "models"): Promise<void> {
  await declare(() =>
    assert.throws(() => new ModelRepository(name, s3Args(changes)), {
      message: `ModelRepository "${name}": ${message}`,
    }),
  );
}

describe("inputs of a ModelRepository in S3", () => {
  const wrong: [string, Partial<S3RepositoryArgs>, string][] = [
    [
      "a path that leads elsewhere",
      { models: [{ ...OCR, source: "../ocr" }] },
      '`models[0].source`: "../ocr" must be a path of letters, digits, "_", ".", "@", "+" and "-" between "/", or s3://BUCKET/KEY',
    ],
    [
      "a path that IAM would take for a wildcard",
      { models: [{ ...OCR, source: "*" }] },
      '`models[0].source`: "*" must be a path of letters, digits, "_", ".", "@", "+" and "-" between "/", or s3://BUCKET/KEY',
    ],
    [
      "another kind of source",
      { models: [{ ...OCR, source: "https://host/m.onnx" }] },
      '`models[0].source`: "https://host/m.onnx" must be s3://BUCKET/KEY, with a path of letters, digits, "_", ".", "@", "+" and "-" between "/" as key',
    ],
    [
      "a source in another bucket",
      { bucketName: "acme", models: [{ ...OCR, source: "s3://other/ocr" }] },
      '`models[0].source`: "s3://other/ocr" must lie in the repository\'s bucket (acme)',
    ],
    [
      "a source outside of the prefix",
      { bucketName: "acme", prefix: "live", models: [{ ...OCR, source: "s3://acme/lively/ocr" }] },
      '`models[0].source`: "s3://acme/lively/ocr" must lie below `prefix` (live)',
    ],
    [
      "an address where the bucket has no name yet",
      { models: [{ ...OCR, source: "s3://models/ocr" }] },
      '`models[0].source`: "s3://models/ocr" names a bucket, but the repository\'s own has no name yet; give `bucketName`, or a path',
    ],
    [
      "a digest that is none",
      { models: [{ ...OCR, sha256: "" }] },
      '`models[0].sha256`: "" must be 64 hex digits',
    ],
    [
      "a prefix with a slash at its end",
      { prefix: "live/" },
      '`prefix`: "live/" must be a path of letters, digits, "_", ".", "@", "+" and "-" between "/", without one at its ends',
    ],
    [
      "settings of an own bucket beside an existing one",
      { existing: { bucket: "old" }, bucketName: "new", noncurrentDays: 1, forceDestroy: true },
      "`bucketName`: must not be given with `existing`: that bucket is left as it is; `noncurrentDays`: must not be given with `existing`: that bucket is left as it is; `forceDestroy`: must not be given with `existing`: that bucket is left as it is",
    ],
    [
      "an existing bucket, key and region that cannot be",
      { existing: { bucket: "Old", keyArn: "alias/models", region: "Frankfurt" } },
      '`existing.bucket`: "Old" must be the name of a bucket: 3 to 63 lower-case letters, digits, "." and "-"; `existing.region`: "Frankfurt" must be a region, as in "eu-central-1"; `existing.keyArn`: "alias/models" must be the ARN of a KMS key, as in "arn:aws:kms:eu-central-1:123456789012:key/…"',
    ],
    [
      "days that are none",
      { noncurrentDays: 0, accessLogDays: 1.5 },
      "`noncurrentDays`: 0 must be a whole number of days >= 1; `accessLogDays`: 1.5 must be a whole number of days >= 1",
    ],
    [
      "days for logs that somebody else keeps",
      { accessLogBucket: "logs-of-all", accessLogDays: 30 },
      "`accessLogDays`: must not be given with `accessLogBucket`: that bucket is left as it is",
    ],
    [
      "names that AWS would refuse",
      { bucketName: "a.b", accessLogBucket: "_", clusterName: "-", storeCidrs: ["10.0.0.0"] },
      '`clusterName`: "-" must be 1 to 100 letters, digits, "-" or "_"; `storeCidrs[0]`: "10.0.0.0" must be an IPv4 range, as in "10.0.0.0/8"; `bucketName`: "a.b" must be 3 to 63 lower-case letters, digits and "-", beginning and ending with a letter or digit; `accessLogBucket`: "_" must be the name of a bucket: 3 to 63 lower-case letters, digits, "." and "-"',
    ],
  ];
  for (const [what, changes, message] of wrong) {
    it(`refuses ${what}`, () => refused(changes, message));
  }

  it("has the models of a stack's services checked by its own rules", async () => {
    const { services, ...rest } = stackArgs();
    const repository = { kind: "s3", clusterName: "serving", prefix: "/" } as const;
    const models = [{ ...OCR, source: "s3://acme/ocr" }];
    await declare(() =>
      assert.throws(
        () => new ServingStack("slipway", { ...rest, repository, services: [{ ...services[0]!, models }] }),
        {
          message:
            'ServingStack "slipway": `services[0].models[0].source`: "s3://acme/ocr" must lie below `prefix` (/); ' +
            '`repository.prefix`: "/" must be a path of letters, digits, "_", ".", "@", "+" and "-" between "/", without one at its ends',
        },
      ),
    );
  });

  it("gives each service of a stack its own models, and no others", async () => {
    const services = stackArgs().services.map(({ models, ...service }) => ({
      ...service,
      models: models!.map((model) => ({ ...model, source: undefined })),
    }));
    const repository = { kind: "s3", clusterName: "serving" } as const;
    const declaration = await declare(
      () => void new ServingStack("slipway", { ...stackArgs(), repository, services }),
    );
    const bucket = "arn:aws:s3:::slipway-models-bucket-1234567";
    const readable = (name: string) =>
      JSON.parse(awsInputs(declaration, "iam/RolePolicy", `${name}-models-policy`).policy).Statement[0]
        .Resource;
    assert.deepEqual(readable("text"), [`${bucket}/pp-ocrv4-rec/4/model.onnx`]);
    assert.deepEqual(readable("voice"), [`${bucket}/silero-vad/5/model.onnx`]);
    const { namespace, serviceAccount } = awsInputs(
      declaration,
      "eks/PodIdentityAssociation",
      "voice-models-identity",
    );
    assert.deepEqual([namespace, serviceAccount], ["slipway", "voice"]);
  });

  it("refuses a name that no bucket can have", () =>
    refused(
      {},
      '`name`: "Models_1" must be at most 43 lower-case letters, digits and "-", beginning with a letter or digit: buckets are called after it',
      "Models_1",
    ));
});
