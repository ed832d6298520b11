import assert from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import { projectRoot } from "../../../toolchain/paths";
import { withWorkspace } from "../../support/engine";
import { withRecordingAws } from "../../support/recording-aws";

const DIGEST = "b".repeat(64);
const COMPONENTS = JSON.stringify(`${projectRoot}/components`);

/** What the model is signed by. */
const KEY = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();

const repository = (settings = "") => `
  require("tsx/cjs");
  const { CertificateAuthority, InferenceService, ModelRepository } = require(${COMPONENTS});
  const models = [{ name: "ocr", version: "4", sha256: "${DIGEST}" }];
  const repository = new ModelRepository("models", { kind: "s3", clusterName: "serving", prefix: "live", models, signatureKey: ${JSON.stringify(KEY)}, ${settings} });
  exports.bucket = repository.bucket.name;
`;

const service = `
  const { NetworkPolicy } = require("@pulumi/kubernetes/networking/v1");
  new NetworkPolicy("default-deny", {
    metadata: { name: "default-deny", namespace: "slipway" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  new InferenceService("text", {
    namespace: "slipway", image: "r.example/slipway/runtime@sha256:${DIGEST}", repository, models,
    authority: new CertificateAuthority("authority"), replicas: 2,
  });
`;

const POLICIES = `${projectRoot}/policies`;

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Record<string, string> };
      readonly spec: { readonly volumes: unknown[] };
    };
  };
}

interface Stored {
  readonly urn: string;
  readonly deletedWith?: string;
  readonly dependencies?: readonly string[];
}

function resourcesIn(state: string): Stored[] {
  const { checkpoint } = JSON.parse(state) as { checkpoint: { latest: { resources: Stored[] } } };
  return checkpoint.latest.resources;
}

describe("a model repository in S3 under the engine", function () {
  this.timeout(180_000);

  it("is previewed offline with a service that reads it, and breaks no policy", async () => {
    await withWorkspace(
      repository() + service,
      async (workspace) => {
        const preview = await workspace.preview();
        // Nothing limits what a service without a known size writes to its node. Decrypting is granted for a key that a preview does not
        // know yet, uploads have to name the same key, and S3 delivers access logs into no bucket whose key is not its own.
        const isIntended = ({
          urn = "",
          policy,
          message,
        }: {
          urn?: string;
          policy: string;
          message: string;
        }) =>
          policy === "container-ephemeral-storage-limit" ||
          (urn.endsWith("::text-models-decryption") && message.includes("`policy` is not known yet")) ||
          (/::models-bucket(-policy)?$/.test(urn) && message.includes("not known yet")) ||
          (policy === "s3-bucket-secure-transport" && message.includes("not known yet")) ||
          (urn.endsWith("::models-access-logs-encryption") && policy === "s3-bucket-kms-encryption");
        assert.deepStrictEqual(
          preview.violations
            .filter((violation) => !isIntended(violation))
            .map(({ urn, policy }) => [policy, urn]),
          [],
        );
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        const names = preview.steps.map(({ name }) => name);
        for (const name of ["models-bucket-policy", "models-access-logs", "text-models-identity"]) {
          assert.ok(names.includes(name), `${name} in ${names.join(", ")}`);
        }
        // What a preview knows, a reviewer sees and policies can judge.
        const inputs = (name: string) => preview.steps.find((step) => step.name === name)!.inputs;
        assert.match(String(inputs("models-access-logs-policy").policy), /"s3:TlsVersion":"1\.2"/);
        const bucket = String(inputs("models-bucket").bucket);
        const grant = JSON.parse(String(inputs("text-models-policy").policy)) as {
          Statement: { Resource: string[] }[];
        };
        assert.deepStrictEqual(grant.Statement[0]!.Resource, [
          `arn:aws:s3:::${bucket}/live/ocr/4/model.onnx`,
          `arn:aws:s3:::${bucket}/live/ocr/4/model.onnx.sig`,
        ]);
        const { spec } = inputs("text-flows") as { spec: { egress: unknown[] } };
        assert.deepStrictEqual(spec.egress.slice(1), [
          { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
          {
            to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
            ports: [{ protocol: "TCP", port: 443 }],
          },
        ]);
        const { template } = (inputs("text-deployment") as unknown as Deployment).spec;
        assert.deepStrictEqual(template.spec.volumes.at(-2), {
          name: "eks-pod-identity-token",
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  audience: "pods.eks.amazonaws.com",
                  path: "eks-pod-identity-token",
                  expirationSeconds: 3600,
                },
              },
            ],
          },
        });
        assert.strictEqual(template.metadata.annotations["eks.amazonaws.com/skip-containers"], "server");
        assert.match(
          JSON.stringify(inputs("text-deployment")),
          new RegExp(`"s3://${bucket}/live/ocr/4/model\\.onnx"`),
        );
      },
      { policyPacks: [POLICIES] },
    );
  });

  it("stays as it is at a second preview, and never replaces its bucket for a setting", async () => {
    await withRecordingAws((env) =>
      withWorkspace(
        repository(),
        async (workspace) => {
          const up = await workspace.up();
          assert.strictEqual(up.code, 0, up.stdout + up.stderr);
          const again = await workspace.preview();
          assert.deepStrictEqual(Object.keys(again.changes), ["same"], again.stdout);

          await workspace.writeProgram(repository('noncurrentDays: 30, tags: { team: "ocr" }'));
          const changed = (await workspace.preview()).steps.filter(
            ({ op, type }) => op !== "same" && type.startsWith("aws:"),
          );
          assert.deepStrictEqual(changed.map(({ op, name, diffs }) => [op, name, diffs]).sort(), [
            ["update", "models-access-logs", ["tags"]],
            ["update", "models-bucket", ["tags"]],
            ["update", "models-bucket-lifecycle", ["rules"]],
            ["update", "models-key", ["tags"]],
          ]);

          // A bucket that cannot be deleted keeps its key and everything that protects it.
          const found = resourcesIn(await workspace.stateText());
          const urnOf = (name: string) => found.find(({ urn }) => urn.endsWith(`::${name}`))!.urn;
          const protecting = found.filter(({ deletedWith }) => deletedWith === urnOf("models-bucket"));
          assert.deepStrictEqual(protecting.map(({ urn }) => urn.slice(urn.lastIndexOf(":") + 1)).sort(), [
            "models-bucket-encryption",
            "models-bucket-lifecycle",
            "models-bucket-logging",
            "models-bucket-ownership",
            "models-bucket-policy",
            "models-bucket-public-access",
            "models-bucket-versioning",
          ]);
          const bucket = found.find(({ urn }) => urn === urnOf("models-bucket"))!;
          assert.ok(bucket.dependencies?.includes(urnOf("models-key")));

          const gone = await workspace.destroy();
          assert.strictEqual(gone.code, 0, gone.stdout + gone.stderr);
        },
        { env },
      ),
    );
  });
});
