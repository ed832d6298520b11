import assert from "node:assert";
import { projectRoot } from "../../../toolchain/paths";
import { startApiServer, type ApiServer } from "../../support/api-server";
import { withWorkspace } from "../../support/engine";

const DIGEST = `sha256:${"a".repeat(64)}`;

/** @param more arguments of the site; none leaves it out */
const program = (more?: string) => `
  require("tsx/cjs");
  const k8s = require("@pulumi/kubernetes");
  const { CertificateAuthority, EdgeSite, ModelRepository } = require(${JSON.stringify(`${projectRoot}/components`)});
  new k8s.core.v1.Namespace("edge", { metadata: { name: "edge", labels: {
    "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted",
  } } });
  const digest = ${JSON.stringify(DIGEST)};
  const models = ["ocr", "voice"].map((name) => (
    { name, version: "4", source: "oci://r.example/models/" + name + "@" + digest, sha256: "b".repeat(64) }
  ));
  ${
    more === undefined
      ? ""
      : `new EdgeSite("store-12", {
    namespace: "edge",
    image: "r.example/slipway/runtime@" + digest,
    repository: new ModelRepository("models", { models }),
    models,
    authority: new CertificateAuthority("authority"),
    apiKeys: "till sha256:" + "c".repeat(64) + " infer\\n",
    ${more}
  });`
  }
`;

const SITES: [string, string, number][] = [
  ["of its own", "", 1],
  [
    "with everything that can be asked for",
    `modelSize: "300Mi", cache: { storageClass: "local-path" }, nodePort: 30443, clientCidrs: ["10.1.0.0/16"],
     nodeSelector: { site: "store-12" }, tolerations: [{ key: "edge", operator: "Exists" }], modelPullSecret: "login",
     imagePullSecrets: ["login"], hostNames: ["store.lan"], ipAddresses: ["10.1.0.5"],
     metrics: { image: "r.example/prometheus@" + digest, url: "https://metrics.example.com/api/v1/write", bearerToken: "t" },`,
    2,
  ],
];

describe("an EdgeSite against a real API server", function () {
  this.timeout(180_000);
  let server: ApiServer;
  before(async function () {
    // Where this is the first test that wants the cluster's programs, they are built now.
    this.timeout(30 * 60_000);
    server = await startApiServer();
  });
  after(() => server?.stop());

  it("is accepted in a dry run, by the restricted pod security standard too", async () => {
    const env = { KUBECONFIG: server.kubeconfigFile };
    await withWorkspace(
      program(),
      async (workspace) => {
        const up = await workspace.up();
        assert.strictEqual(up.code, 0, up.stdout + up.stderr);
        for (const [what, args, deployments] of SITES) {
          await workspace.writeProgram(program(args));
          const { code, stdout, stderr, steps, diagnostics } = await workspace.preview();
          assert.strictEqual(code, 0, `${what}: ${stdout}${stderr}`);
          const warnings = diagnostics.filter(({ severity }) => severity === "warning");
          assert.deepStrictEqual(warnings, [], what);
          const made = steps.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");
          assert.strictEqual(made.length, deployments, what);
        }
        // What the server would refuse is refused: the dry run is a real one.
        await workspace.writeProgram(
          program("").replace(
            'require("tsx/cjs");',
            `require("tsx/cjs"); require("@pulumi/pulumi").runtime.registerStackTransformation(({ type, props, opts }) => {
              if (type === "kubernetes:batch/v1:Job") props.spec = { ...props.spec, backoffLimit: -1 };
              return { props, opts };
            });
            `,
          ),
        );
        const refused = await workspace.preview();
        assert.notStrictEqual(refused.code, 0);
        assert.match(refused.stdout + refused.stderr, /backoffLimit/);
      },
      { env },
    );
  });
});
