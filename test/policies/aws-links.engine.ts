import assert from "node:assert";
import { join } from "node:path";
import { withWorkspace } from "../support/engine";
import { denyPlainHttp, policyDocument } from "./support/aws-world";

const PACK = join(__dirname, "../../policies");

/** Two buckets, of which nobody knows the ids before they are made; what stands beside them is of the first. */
const PROGRAM = `
const aws = require("@pulumi/aws");
const provider = new aws.Provider("offline", {
  region: "eu-central-1", accessKey: "none", secretKey: "none",
  skipCredentialsValidation: true, skipRequestingAccountId: true, skipMetadataApiCheck: true, skipRegionValidation: true,
});
const options = { provider };
const whole = new aws.s3.Bucket("whole", {}, options);
const bare = new aws.s3.Bucket("bare", {}, options);
const bucket = whole.id;
const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }];
new aws.s3.BucketServerSideEncryptionConfiguration("encryption", { bucket, rules }, options);
new aws.s3.BucketPolicy("policy", { bucket, policy: ${JSON.stringify(policyDocument(denyPlainHttp("s3:*", "*")))} }, options);
`;

describe("The pack under the engine, on resources that belong together by ids which a preview does not know", function () {
  this.timeout(180_000);

  it("finds the bucket that lacks what the other has, and only that", async () => {
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        const run = await workspace.preview();
        const text = run.stdout + run.stderr;
        assert.notStrictEqual(run.code, 0, text);
        assert.match(
          text,
          /aws:s3\/bucket:Bucket `bare` must have a policy that denies everyone everything without TLS/,
        );
        assert.match(text, /aws:s3\/bucket:Bucket `bare` must name an algorithm that encrypts it/);
        assert.doesNotMatch(
          text,
          /`whole` (?:must (?:have a policy that denies|name)|may be meant|has a policy)/,
        );
      },
      { policyPacks: [PACK] },
    );
  });
});
