import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import { judgeResource } from "../../../policies/model/judge";
import type { ResourceRule } from "../../../policies/model/rule";
import { remediated, remediations } from "../../../policies/remediation";
import { UNKNOWN } from "../../../policies/testing";
import { awsWorld } from "../support/aws-world";
import { goodWorld, podTemplate } from "../support/world";

type Props = Record<string, unknown>;

function ruleOf(id: string): ResourceRule {
  const rule = catalog.map((entry) => entry.rule).find((candidate) => candidate.id === id);
  assert.ok(rule?.scope === "resource", `${id} is no rule about single resources`);
  return rule;
}

/** What the pack makes of a resource under the rule. */
function mend(id: string, type: string, props: Props): Props | undefined {
  return remediated(ruleOf(id), remediations.get(id)!, { type, urn: "urn", name: "name", props });
}

const fails = (id: string, type: string, props: Props): boolean =>
  judgeResource(ruleOf(id), { type, urn: "urn", name: "name", props }, {}).some(
    ({ state }) => state === "fail",
  );

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const deployment = (pod: Props, spec: Props = {}): Props => ({
  spec: { replicas: 2, ...spec, template: { spec: pod } },
});
const secure = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const PROXY = "kubernetes:gateway.envoyproxy.io/v1alpha1";

/** By rule: a resource that breaks it, and what it becomes. */
const CASES: Readonly<Record<string, readonly [type: string, before: Props, after: Props][]>> = {
  "container-privilege-escalation": [
    [
      DEPLOYMENT,
      deployment({
        containers: [{ name: "a" }, { name: "b", securityContext: { allowPrivilegeEscalation: true } }],
      }),
      deployment({
        containers: [
          { name: "a", securityContext: { allowPrivilegeEscalation: false } },
          { name: "b", securityContext: { allowPrivilegeEscalation: false } },
        ],
      }),
    ],
    [
      "kubernetes:batch/v1:CronJob",
      { spec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ name: "a" }] } } } } } },
      {
        spec: {
          jobTemplate: {
            spec: {
              template: {
                spec: {
                  initContainers: [{ name: "a", securityContext: { allowPrivilegeEscalation: false } }],
                },
              },
            },
          },
        },
      },
    ],
  ],
  "container-capabilities-dropped": [
    [
      DEPLOYMENT,
      deployment({
        containers: [{ name: "a" }, { name: "b", securityContext: { capabilities: { drop: ["NET_RAW"] } } }],
      }),
      deployment({
        containers: [
          { name: "a", securityContext: { capabilities: { drop: ["ALL"] } } },
          { name: "b", securityContext: { capabilities: { drop: ["NET_RAW", "ALL"] } } },
        ],
      }),
    ],
  ],
  "container-proc-mount": [
    [
      DEPLOYMENT,
      deployment({ containers: [{ name: "a", securityContext: { procMount: "Unmasked" } }] }),
      deployment({ containers: [{ name: "a", securityContext: {} }] }),
    ],
  ],
  "pod-seccomp-profile": [
    [
      DEPLOYMENT,
      deployment({ containers: [{ name: "a" }] }),
      deployment({
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        containers: [{ name: "a" }],
      }),
    ],
  ],
  "pod-share-process-namespace": [
    [DEPLOYMENT, deployment({ shareProcessNamespace: true }), deployment({ shareProcessNamespace: false })],
  ],
  "gateway-minimum-tls-version": [
    [
      `${PROXY}:ClientTrafficPolicy`,
      { spec: { tls: { minVersion: "1.0", maxVersion: "1.1" } } },
      { spec: { tls: { minVersion: "1.2", maxVersion: "1.2" } } },
    ],
  ],
  "ingress-tls-redirect": [
    [
      "kubernetes:networking.k8s.io/v1:Ingress",
      { metadata: { annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "false", other: "false" } } },
      { metadata: { annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "true", other: "false" } } },
    ],
  ],
  "prometheus-admin-api": [
    [
      "kubernetes:monitoring.coreos.com/v1:Prometheus",
      { spec: { enableAdminAPI: true, replicas: 1 } },
      { spec: { replicas: 1 } },
    ],
  ],
  "envoy-access-log": [
    [
      `${PROXY}:EnvoyProxy`,
      { spec: { telemetry: { accessLog: { disable: true } } } },
      { spec: { telemetry: { accessLog: {} } } },
    ],
  ],
  "deployment-revision-history": [[DEPLOYMENT, deployment({}, { revisionHistoryLimit: 0 }), deployment({})]],
  "deployment-progress-deadline": [
    [DEPLOYMENT, deployment({}, { progressDeadlineSeconds: 2147483647 }), deployment({})],
  ],
  "certificate-private-key": [
    [
      "kubernetes:cert-manager.io/v1:Certificate",
      { spec: { privateKey: { algorithm: "ECDSA", rotationPolicy: "Never" } } },
      { spec: { privateKey: { algorithm: "ECDSA", rotationPolicy: "Always" } } },
    ],
  ],
  "helm-repository-tls": [
    [
      "kubernetes:helm.sh/v4:Chart",
      { chart: "oci://x/y", plainHttp: true },
      { chart: "oci://x/y", plainHttp: false },
    ],
  ],
  "s3-public-access-block": [
    [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      { bucket: "models", blockPublicAcls: true, blockPublicPolicy: false },
      {
        bucket: "models",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    ],
  ],
  "instance-metadata-tokens": [
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { metadataOptions: { httpTokens: "optional", httpPutResponseHopLimit: 1 } },
      { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1, httpEndpoint: "enabled" } },
    ],
    [
      "aws:ec2/instance:Instance",
      {},
      { metadataOptions: { httpTokens: "required", httpEndpoint: "enabled" } },
    ],
  ],
  "kms-key-rotation": [["aws:kms/key:Key", { enableKeyRotation: false }, { enableKeyRotation: true }]],
  "sqs-queue-encryption": [
    ["aws:sqs/queue:Queue", { sqsManagedSseEnabled: false }, { sqsManagedSseEnabled: true }],
  ],
  "ecr-immutable-tags": [
    [
      "aws:ecr/repository:Repository",
      { name: "x", imageTagMutability: "MUTABLE" },
      { name: "x", imageTagMutability: "IMMUTABLE" },
    ],
  ],
  "cloudtrail-log-validation": [["aws:cloudtrail/trail:Trail", {}, { enableLogFileValidation: true }]],
};

describe("Remediations", () => {
  it("are of rules about single resources, each with a case here", () => {
    assert.deepStrictEqual([...remediations.keys()].sort(), Object.keys(CASES).sort());
    for (const id of remediations.keys()) ruleOf(id);
  });

  for (const [id, cases] of Object.entries(CASES)) {
    cases.forEach(([type, before, after], i) => {
      it(`mend what breaks ${id}${i === 0 ? "" : ` (${i + 1})`}, and that alone`, () => {
        const given = structuredClone(before);
        assert.ok(fails(id, type, before));
        assert.deepStrictEqual(mend(id, type, given), after);
        assert.deepStrictEqual(given, before, "what it was given is as it was");
        assert.ok(!fails(id, type, after), "it holds afterwards");
        assert.strictEqual(mend(id, type, after), undefined, "a second time there is nothing to mend");
      });
    });
  }

  it("touch nothing in a stack that complies", () => {
    for (const { type, props } of [...Object.values(goodWorld()), ...Object.values(awsWorld())]) {
      for (const id of remediations.keys())
        assert.strictEqual(mend(id, type, props), undefined, `${id} on ${type}`);
    }
  });

  it("leave alone what is not known yet", () => {
    const pod = { containers: [{ name: "a", securityContext: { allowPrivilegeEscalation: UNKNOWN } }] };
    assert.strictEqual(mend("container-privilege-escalation", DEPLOYMENT, deployment(pod)), undefined);
    assert.strictEqual(
      mend("container-privilege-escalation", DEPLOYMENT, deployment({ containers: UNKNOWN })),
      undefined,
    );
    const one = { containers: [...pod.containers, { name: "b" }] };
    assert.deepStrictEqual(
      mend("container-privilege-escalation", DEPLOYMENT, deployment(one)),
      deployment({
        containers: [...pod.containers, { name: "b", securityContext: { allowPrivilegeEscalation: false } }],
      }),
    );
  });

  it("leave alone what somebody chose, and what they cannot mend", () => {
    const unconfined = deployment({
      containers: [{ securityContext: { seccompProfile: { type: "Unconfined" } } }],
    });
    const mended = mend("pod-seccomp-profile", DEPLOYMENT, unconfined);
    assert.ok(mended === undefined || fails("pod-seccomp-profile", DEPLOYMENT, mended));
    const key = { spec: { privateKey: { algorithm: "RSA", size: 1024 } } };
    assert.strictEqual(
      mend("certificate-private-key", "kubernetes:cert-manager.io/v1:Certificate", key),
      undefined,
    );
    const windows = deployment({ os: { name: "windows" }, containers: [{ name: "a" }] });
    assert.strictEqual(mend("container-capabilities-dropped", DEPLOYMENT, windows), undefined);
  });

  it("leave alone other types and the items of lists", () => {
    const props = deployment({ containers: [{ name: "a" }] });
    assert.strictEqual(
      mend("container-privilege-escalation", "kubernetes:core/v1:Service", props),
      undefined,
    );
    const list = { items: [props] };
    assert.strictEqual(
      mend("container-privilege-escalation", "kubernetes:apps/v1:DeploymentList", list),
      undefined,
    );
  });

  it("keep a secret as the SDK's wrapper, and see through it", () => {
    class Secret {
      constructor(readonly value: unknown) {}
    }
    const secret = new Secret("hunter2");
    const env = [{ name: "KEY", value: secret }];
    const mended = mend(
      "container-privilege-escalation",
      DEPLOYMENT,
      deployment({
        containers: [
          { name: "a", env, securityContext: new Secret(secure) },
          { name: "b", env },
        ],
      }),
    );
    const containers = (
      mended?.["spec"] as { template: { spec: { containers: { env: { value: unknown }[] }[] } } }
    ).template.spec.containers;
    assert.deepStrictEqual(containers[0], { name: "a", env, securityContext: new Secret(secure) });
    assert.strictEqual(containers[1]?.env[0]?.value, secret);
    assert.deepStrictEqual(containers[1], {
      name: "b",
      env,
      securityContext: { allowPrivilegeEscalation: false },
    });
  });

  it("leave the pods of the good world as they are, one container mended", () => {
    const template = podTemplate() as { spec: { containers: { securityContext: Props }[] } };
    template.spec.containers[0]!.securityContext = { readOnlyRootFilesystem: true };
    const mended = mend("container-capabilities-dropped", DEPLOYMENT, { spec: { template } });
    const expected = podTemplate() as typeof template;
    expected.spec.containers[0]!.securityContext = {
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    };
    assert.deepStrictEqual(mended, { spec: { template: expected } });
  });
});
