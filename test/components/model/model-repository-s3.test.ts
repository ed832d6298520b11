import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { S3RepositoryArgs } from "../../../components";
import { awsInputs, KEY_ARN, OCR, s3Repository, valueOf } from "../support/repositories";

interface Denial {
  readonly Action: string;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** IAM's operators as its reference has them: all must hold, a negated one does where there is no such key, `IfExists` too. */
function holds(
  conditions: Denial["Condition"],
  request: Readonly<Record<string, string | undefined>>,
): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) => {
      if (operator === "Null") return (request[key] === undefined) === (value === "true");
      assert.match(operator, /^StringNotEquals(IfExists)?$/);
      return request[key] !== value;
    }),
  );
}

describe("ModelRepository in S3", () => {
  describe("its own bucket", () => {
    it("is encrypted, versioned, closed to the public and owned by the account", async () => {
      const [, declaration] = await s3Repository();
      const bucket = awsInputs(declaration, "s3/Bucket", "models-bucket");
      assert.deepEqual(bucket, { forceDestroy: false, tags: { Name: "models-bucket" } });
      assert.deepEqual(awsInputs(declaration, "s3/BucketPublicAccessBlock", "models-bucket-public-access"), {
        bucket: "models-bucket-1234567",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      assert.deepEqual(
        awsInputs(declaration, "s3/BucketServerSideEncryptionConfiguration", "models-bucket-encryption")
          .rules,
        [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: "arn:aws:mock:eu-central-1:123456789012:models-key",
            },
            bucketKeyEnabled: true,
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      );
      assert.deepEqual(awsInputs(declaration, "s3/BucketVersioning", "models-bucket-versioning"), {
        bucket: "models-bucket-1234567",
        versioningConfiguration: { status: "Enabled" },
      });
      assert.deepEqual(awsInputs(declaration, "s3/BucketOwnershipControls", "models-bucket-ownership").rule, {
        objectOwnership: "BucketOwnerEnforced",
      });
      assert.deepEqual(
        awsInputs(declaration, "s3/BucketLifecycleConfiguration", "models-bucket-lifecycle").rules,
        [
          {
            id: "old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: 90 },
            expiration: { expiredObjectDeleteMarker: true },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      );
      const key = awsInputs(declaration, "kms/Key", "models-key");
      assert.deepEqual([key.enableKeyRotation, key.deletionWindowInDays], [true, 30]);
    });

    it("takes TLS 1.2 only, and no upload with another encryption", async () => {
      const [, declaration] = await s3Repository({ keyArn: KEY_ARN });
      const policy = JSON.parse(awsInputs(declaration, "s3/BucketPolicy", "models-bucket-policy").policy);
      const all = ["arn:aws:s3:::models-bucket-1234567", "arn:aws:s3:::models-bucket-1234567/*"];
      const deny = { Effect: "Deny", Principal: "*" };
      assert.deepEqual(policy, {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "OnlyTls",
            ...deny,
            Action: "s3:*",
            Resource: all,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          {
            Sid: "OnlyTls12",
            ...deny,
            Action: "s3:*",
            Resource: all,
            Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
          },
          {
            Sid: "OnlyKms",
            ...deny,
            Action: "s3:PutObject",
            Resource: all[1],
            Condition: {
              Null: { "s3:x-amz-server-side-encryption": "false" },
              StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
            },
          },
          {
            Sid: "OnlyItsKey",
            ...deny,
            Action: "s3:PutObject",
            Resource: all[1],
            Condition: {
              Null: { "s3:x-amz-server-side-encryption": "false" },
              StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY_ARN },
            },
          },
        ],
      });
      assert.ok(!declaration.types().includes("aws:kms/key:Key"), "the given key is used");
    });

    it("refuses uploads that ask for another key, or leave the key to S3, and no others", async () => {
      const [, declaration] = await s3Repository({ keyArn: KEY_ARN });
      const policy = JSON.parse(awsInputs(declaration, "s3/BucketPolicy", "models-bucket-policy").policy);
      const uploads = (policy.Statement as Denial[]).filter(({ Action }) => Action === "s3:PutObject");
      const taken = (encryption?: string, key?: string) => {
        const headers: Record<string, string | undefined> = {
          "s3:x-amz-server-side-encryption": encryption,
          "s3:x-amz-server-side-encryption-aws-kms-key-id": key,
        };
        return !uploads.some(({ Condition }) => holds(Condition, headers));
      };
      assert.ok(taken(), "the bucket's own key applies");
      assert.ok(taken("aws:kms", KEY_ARN));
      assert.ok(!taken("aws:kms", `${KEY_ARN}0`));
      assert.ok(!taken("aws:kms"), "S3 would take the account's key for S3");
      assert.ok(!taken("aws:kms:dsse", KEY_ARN));
      assert.ok(!taken("AES256"));
    });

    it("logs every access to a bucket that is as closed, where only log delivery writes", async () => {
      const [, declaration] = await s3Repository({ accessLogDays: 30 });
      assert.deepEqual(awsInputs(declaration, "s3/BucketLogging", "models-bucket-logging"), {
        bucket: "models-bucket-1234567",
        targetBucket: "models-access-logs-1234567",
        targetPrefix: "models/",
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      });
      const { Statement } = JSON.parse(
        awsInputs(declaration, "s3/BucketPolicy", "models-access-logs-policy").policy,
      ) as { Statement: { Sid: string }[] };
      assert.deepEqual(
        Statement.map(({ Sid }) => Sid),
        ["OnlyTls", "OnlyTls12", "LogDelivery"],
      );
      assert.deepEqual(Statement[2], {
        Sid: "LogDelivery",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: "arn:aws:s3:::models-access-logs-1234567/models/*",
        Condition: {
          ArnEquals: { "aws:SourceArn": "arn:aws:s3:::models-bucket-1234567" },
          StringEquals: { "aws:SourceAccount": "123456789012" },
        },
      });
      // S3 does not deliver to a bucket with a KMS key.
      const [rule] = awsInputs(
        declaration,
        "s3/BucketServerSideEncryptionConfiguration",
        "models-access-logs-encryption",
      ).rules;
      assert.deepEqual(rule.applyServerSideEncryptionByDefault, { sseAlgorithm: "AES256" });
      const [lifecycle] = awsInputs(
        declaration,
        "s3/BucketLifecycleConfiguration",
        "models-access-logs-lifecycle",
      ).rules;
      assert.deepEqual(lifecycle.expiration, { days: 30 });
    });

    it("logs to an existing bucket, and makes none then", async () => {
      const [, declaration] = await s3Repository({ accessLogBucket: "logs-of-all" });
      assert.equal(
        awsInputs(declaration, "s3/BucketLogging", "models-bucket-logging").targetBucket,
        "logs-of-all",
      );
      awsInputs(declaration, "s3/Bucket", "models-bucket");
      assert.equal(declaration.types().filter((type) => type === "aws:s3/bucket:Bucket").length, 1);
    });

    it("says where models go", async () => {
      const [{ bucket }] = await s3Repository({ bucketName: "acme-models", prefix: "team/live" });
      assert.equal(await valueOf(bucket!.name), "acme-models");
      assert.equal(bucket!.prefix, "team/live");
      assert.match(await valueOf(bucket!.keyArn!), /:models-key$/);
      assert.equal(await valueOf(bucket!.region), "eu-central-1");
    });
  });

  it("makes nothing for an existing bucket", async () => {
    const [repository, declaration] = await s3Repository({
      existing: { bucket: "old", region: "us-east-1" },
    });
    assert.deepEqual(declaration.types(), ["slipway:index:ModelRepository"]);
    assert.equal(await valueOf(repository.bucket!.name), "old");
    assert.equal(repository.bucket!.keyArn, undefined);
    assert.equal(await valueOf(repository.bucket!.region), "us-east-1");
  });

  describe("access", () => {
    it("reaches S3 and the agent that gives credentials, and nothing else that is link-local", async () => {
      const agent = { cidr: "169.254.170.23/32", except: [], port: 80 };
      const [repository] = await s3Repository();
      assert.deepEqual(repository.access([OCR]).registries, [
        agent,
        { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"], port: 443 },
      ]);
      const [narrow] = await s3Repository({ storeCidrs: ["10.0.0.0/16"] });
      assert.deepEqual(narrow.access([OCR]).registries, [
        agent,
        { cidr: "10.0.0.0/16", except: [], port: 443 },
      ]);
    });

    it("names the region, and keeps pods from the node's credentials", async () => {
      const [repository] = await s3Repository({ existing: { bucket: "old", region: "us-west-2" } });
      const { env } = repository.access([OCR]);
      const [region, metadata] = [env[0], env.at(-1)];
      assert.deepEqual([region!.name, await valueOf(region!.value)], ["SLIPWAY_S3_REGION", "us-west-2"]);
      assert.deepEqual(metadata, { name: "AWS_EC2_METADATA_DISABLED", value: "true" });
    });

    it("brings a token of its own for the agent, which EKS gives the first pods of a service too late", async () => {
      const [repository] = await s3Repository({ existing: { bucket: "old" } });
      const { env, token } = repository.access([OCR]);
      assert.deepEqual(env.slice(1, 3), [
        { name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", value: "http://169.254.170.23/v1/credentials" },
        {
          name: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
          value: "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token",
        },
      ]);
      assert.deepEqual(token, {
        volume: "eks-pod-identity-token",
        mountPath: "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount",
        file: "eks-pod-identity-token",
        audience: "pods.eks.amazonaws.com",
        podAnnotations: { "eks.amazonaws.com/skip-containers": "server" },
      });
    });

    const sources: [string, Partial<S3RepositoryArgs>, string | undefined, string][] = [
      ["nothing is said", {}, undefined, "s3://models-bucket-1234567/ocr/4/model.onnx"],
      [
        "there is a prefix",
        { prefix: "live" },
        undefined,
        "s3://models-bucket-1234567/live/ocr/4/model.onnx",
      ],
      [
        "a path is given",
        { prefix: "live" },
        "v4/ocr.tar.gz",
        "s3://models-bucket-1234567/live/v4/ocr.tar.gz",
      ],
      [
        "an address is given",
        { bucketName: "acme", prefix: "live" },
        "s3://acme/live/ocr",
        "s3://acme/live/ocr",
      ],
    ];
    for (const [when, changes, source, expected] of sources) {
      it(`finds a model where ${when}`, async () => {
        const model = { ...OCR, source };
        const [repository] = await s3Repository({ ...changes, models: [model] });
        assert.equal(await valueOf(repository.access([model]).sourceOf(model)), expected);
      });
    }

    it("refuses an address in another bucket when the bucket's name is known late", async () => {
      const model = { ...OCR, source: "s3://other/ocr" };
      const existing = { bucket: pulumi.output(Promise.resolve("old")) };
      const [repository] = await s3Repository({ existing, models: [model] });
      const source = pulumi.output(repository.access([model]).sourceOf(model)) as unknown as {
        promise(): Promise<string>;
      };
      await assert.rejects(
        source.promise(),
        /"s3:\/\/other\/ocr" must lie in the repository's bucket \(old\)/,
      );
    });
  });

  it("refuses a service's model that it does not have so, since it has checked only its own", async () => {
    const [repository] = await s3Repository({ existing: { bucket: "old" } });
    const given = { ...OCR, source: "*" };
    assert.throws(() => repository.access([given]), {
      message:
        'ModelRepository "models": `models`: must have ocr/4 as the service has it, source, digest and `signatureKey`',
    });
  });
});
