import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { RetrainingTrigger, type RetrainingTarget, type RetrainingTriggerArgs } from "../../../components";
import { runPack } from "../../../policies/testing";
import { parseArguments } from "../../../runtime/option-table";
import { resolveRetrainingOptions, RETRAINING_OPTIONS } from "../../../runtime/retraining/retraining-options";
import { declare, type Declaration } from "../support/declared";
import { IMAGE } from "../support/examples";
import { valueOf } from "../support/repositories";

const ALERTMANAGER = { namespace: "monitoring", podLabels: { app: "alertmanager" } };
const HOOK: RetrainingTarget = { kind: "http", url: "https://train.example:8443/hook" };

async function trigger(
  change: Partial<RetrainingTriggerArgs> = {},
): Promise<[RetrainingTrigger, Declaration]> {
  let made!: RetrainingTrigger;
  const declaration = await declare(() => {
    made = new RetrainingTrigger("retraining", {
      namespace: "ns",
      image: IMAGE,
      target: HOOK,
      alertmanagers: [ALERTMANAGER],
      ...change,
    });
  });
  return [made, declaration];
}

const podOf = (declared: Declaration) => declared.object("Deployment", "retraining").spec.template.spec;
/** The command line, as the server understands it. */
function optionsOf(declared: Declaration) {
  const [command, ...argv] = podOf(declared).containers[0].args as string[];
  assert.equal(command, "retraining-trigger");
  const { values } = parseArguments(RETRAINING_OPTIONS, "retraining-trigger", argv);
  return { values, options: resolveRetrainingOptions(values) };
}
const secretOf = (declared: Declaration) =>
  declared.kind("Secret").find(({ name }) => name === "retraining-secrets")!.inputs.stringData.value;

describe("RetrainingTrigger", () => {
  const targets: [RetrainingTarget, Partial<RetrainingTriggerArgs>, Record<string, unknown>][] = [
    [HOOK, {}, { targetUrl: "https://train.example:8443/hook" }],
    [
      { kind: "argo-workflows", url: "https://argo:2746", namespace: "training", discriminator: "d" },
      { token: "t" },
      { argoNamespace: "training", argoDiscriminator: "d" },
    ],
    [
      {
        kind: "kubeflow",
        url: "https://kfp",
        pipelineId: "p",
        pipelineVersionId: "v",
        experimentId: "e",
        parameters: ["model", "event"],
      },
      {},
      {
        kubeflowPipeline: "p",
        kubeflowPipelineVersion: "v",
        kubeflowExperiment: "e",
        kubeflowParameters: ["model", "event"],
      },
    ],
    [
      { kind: "github", repository: "acme/models", eventType: "drift" },
      { token: "t" },
      { githubRepository: "acme/models", githubEventType: "drift", targetUrl: undefined },
    ],
    [
      { kind: "airflow", url: "https://airflow", dag: "retrain", api: "v1" },
      { username: "u", password: "p" },
      { airflowDag: "retrain", airflowApi: "v1" },
    ],
  ];
  for (const [target, change, expected] of targets) {
    it(`starts the server with options for ${target.kind} that it understands`, async () => {
      const [, declared] = await trigger({ target, ...change });
      const { options } = optionsOf(declared);
      assert.equal(options.target, target.kind);
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(options[key as keyof typeof options], value, key);
      const mounted = podOf(declared).volumes[0].secret.items.map(({ path }: { path: string }) => path);
      const files = Object.values(options).filter(
        (value): value is string => typeof value === "string" && value.startsWith("/etc/slipway/retraining/"),
      );
      assert.deepEqual(files.map((path) => path.split("/").at(-1)).sort(), mounted.sort());
      assert.deepEqual(Object.keys(secretOf(declared)).sort(), mounted.sort());
    });
  }

  it("keeps secrets in a Secret, and makes those that nobody has to know", async () => {
    const [made, declared] = await trigger({ token: pulumi.secret("ghp_hunter2") });
    const contents = secretOf(declared);
    assert.equal(contents["target-token"], "ghp_hunter2");
    assert.match(contents["signing-secret"], /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.match(contents["caller-token"], /^[A-Za-z0-9_-]{43}$/);
    assert.equal(await valueOf(made.signingSecret), contents["signing-secret"]);
    assert.ok(await pulumi.isSecret(made.signingSecret));
    const elsewhere = JSON.stringify(declared.resources.filter(({ name }) => name !== "retraining-secrets"));
    for (const secret of Object.values(contents) as string[]) assert.ok(!elsewhere.includes(secret));
  });

  it("gives Monitoring a receiver that calls it with its token", async () => {
    const [made, declared] = await trigger();
    const { url, bearerToken, pods, ...rest } = made.receiver.webhook!;
    assert.equal(await valueOf(url), "http://retraining.ns.svc:8000/v1/alerts");
    assert.equal(await valueOf(bearerToken!), secretOf(declared)["caller-token"]);
    assert.ok(await pulumi.isSecret(pulumi.output(bearerToken)));
    assert.deepEqual(rest, { insecure: true, sendResolved: false, maxAlerts: 1000 });
    assert.equal(pods!.port, 8000);
    assert.deepEqual(pods!.podLabels, declared.object("Service", "retraining").spec.selector);
  });

  it("lets Alertmanager in and nobody else, and out to the target's port", async () => {
    const [, declared] = await trigger();
    const { ingress, egress } = declared.object("NetworkPolicy", "retraining").spec;
    const alertmanager = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
      podSelector: { matchLabels: { app: "alertmanager" } },
    };
    assert.deepEqual(ingress, [{ from: [alertmanager], ports: [{ protocol: "TCP", port: 8000 }] }]);
    assert.deepEqual(egress.slice(1), [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 8443 }],
      },
    ]);
  });

  it("reaches a target in the cluster at its pods alone", async () => {
    const pods = { namespace: "argo", podLabels: { app: "argo-server" }, port: 2746 };
    const [, declared] = await trigger({
      target: { kind: "http", url: "http://argo-server.argo.svc/hook" },
      allowInsecure: true,
      targetPods: [pods],
      scrapers: [{ namespace: "monitoring", podLabels: { app: "prometheus" } }],
    });
    const { ingress, egress } = declared.object("NetworkPolicy", "retraining").spec;
    assert.deepEqual(ingress[1].ports, [{ protocol: "TCP", port: 8002 }]);
    assert.equal(egress.length, 2);
    assert.deepEqual(egress[1].ports, [{ protocol: "TCP", port: 2746 }]);
    assert.equal(egress[1].to[0].podSelector.matchLabels.app, "argo-server");
    assert.equal(declared.kind("ServiceMonitor").length, 1);
  });

  it("runs one pod of the restricted standard, with a disk where one is given", async () => {
    const [, declared] = await trigger({ storage: { size: "1Gi", storageClass: "encrypted" } });
    const { replicas, strategy } = declared.object("Deployment", "retraining").spec;
    assert.deepEqual([replicas, strategy.type], [1, "Recreate"]);
    const { containers, volumes, securityContext, automountServiceAccountToken } = podOf(declared);
    assert.equal(securityContext.runAsNonRoot, true);
    assert.equal(automountServiceAccountToken, false);
    assert.equal(containers[0].securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(volumes[1].persistentVolumeClaim, { claimName: "retraining" });
    const { spec } = declared.object("PersistentVolumeClaim", "retraining");
    assert.deepEqual([spec.storageClassName, spec.resources.requests.storage], ["encrypted", "1Gi"]);
    const [, plain] = await trigger();
    assert.deepEqual(podOf(plain).volumes[1].emptyDir, { sizeLimit: "64Mi" });
    assert.equal(plain.kind("PersistentVolumeClaim").length, 0);
  });

  it("is warned of by the policy pack for what it does on purpose: one pod, never two, and a namespace that others close", async () => {
    const [, declared] = await trigger({ scrapers: [ALERTMANAGER], storage: { size: "1Gi" } });
    const resources = declared.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ type, name, inputs }) => {
        // What the mocks have of a secret is an object; the engine gives a rule its text.
        const { stringData, ...props } = inputs;
        return { type, name, props: stringData ? { ...props, stringData: stringData.value } : props };
      });
    const failed = (await runPack(resources)).filter(({ state }) => state === "fail");
    assert.deepStrictEqual([...new Set(failed.map(({ rule }) => rule))].sort(), [
      "deployment-minimum-replica-count",
      "deployment-update-strategy",
      "namespace-default-deny",
    ]);
  });

  const refused: [Partial<RetrainingTriggerArgs>, string][] = [
    [{ alertmanagers: [] }, "`alertmanagers`: must name the pods of an Alertmanager: nobody else may call"],
    [
      { target: { kind: "http", url: "http://train.example" } },
      '`target.url`: "http://train.example" speaks plain HTTP, over which token and payload can be read: use https://, or set `allowInsecure`',
    ],
    [
      { target: { kind: "http", url: "train.example" } },
      '`target.url`: "train.example" must be an address, as in "https://host[:port][/path]"',
    ],
    [
      { target: { kind: "http", url: "https://a:hunter2@train.example" } },
      "`target.url`: must not hold credentials: `token`, or `username` and `password`, have them",
    ],
    [
      { target: { kind: "http", url: "https://127.0.0.1/x" } },
      '`target.url`: "https://127.0.0.1/x" is the pod itself, where nothing trains',
    ],
    [
      { target: { kind: "jenkins" } as unknown as RetrainingTarget },
      '`target.kind`: "jenkins" must be one of http, argo-workflows, kubeflow, github, airflow',
    ],
    [
      { target: { kind: "argo-workflows", url: "https://argo", namespace: "A b" } },
      '`target.namespace`: "A b" must be the name of a namespace',
    ],
    [
      { target: { kind: "kubeflow", url: "https://kfp", pipelineId: "", pipelineVersionId: "v" } },
      "`target.pipelineId`: must be given and not be empty",
    ],
    [
      {
        target: {
          kind: "kubeflow",
          url: "https://kfp",
          pipelineId: "p",
          pipelineVersionId: "v",
          parameters: ["event", "rows"],
        },
      },
      '`target.parameters[1]`: "rows" must be one of event, id, model, version, namespace, service, alert, reason, startsAt, fingerprint',
    ],
    [
      { target: { kind: "github", repository: "models" }, token: "t" },
      '`target.repository`: "models" must be OWNER/NAME',
    ],
    [
      { target: { kind: "github", repository: "a/b" } },
      "`token`: must be given: GitHub takes events from nobody whom it does not know",
    ],
    [
      { target: { kind: "airflow", url: "https://airflow", dag: "d", api: "v3" as "v2" } },
      '`target.api`: "v3" must be one of v2, v1',
    ],
    [{ username: "u" }, "`password`: must be given: `username` and `password` belong together"],
    [{ token: "t", username: "u", password: "p" }, "`token`: cannot be given beside `username`"],
    [{ token: "a\nb" }, "`token`: must be one line that is not empty"],
    [{ signingSecret: "hunter2" }, "`signingSecret`: must be whsec_ and 24 to 64 bytes in base64"],
    [{ ca: "x" }, "`ca`: must be a certificate in PEM form"],
    [
      { targetCidrs: [] },
      "`targetCidrs`: must name a range where there are no `targetPods`: the target could not be reached",
    ],
    [
      { targetCidrs: ["10.0.0.1"] },
      '`targetCidrs[0]`: "10.0.0.1" must be an IPv4 range, as in "10.1.0.0/16"',
    ],
    [
      { targetPods: [{ ...ALERTMANAGER, port: 0 }] },
      "`targetPods[0].port`: 0 must be a whole number from 1 to 65535",
    ],
    [{ alerts: [] }, '`alerts`: must name at least one alert, or be ["*"]'],
    [{ alerts: ["a,b"] }, '`alerts[0]`: "a,b" must be the name of an alert, or "*"'],
    [{ cooldown: -1 }, "`cooldown`: -1 must be a whole number from 0 to 31536000"],
    [{ maxAttempts: 0 }, "`maxAttempts`: 0 must be a whole number from 1 to 1000"],
    [{ storage: { size: "1GB" } }, '`storage.size`: "1GB" must be a memory quantity, as in "512Mi"'],
    [{ image: "slipway" }, "`image`"],
  ];
  for (const [change, sentence] of refused) {
    it(`refuses ${JSON.stringify(change)}`, async () => {
      const declared = await declare(() => {
        assert.throws(
          () =>
            new RetrainingTrigger("retraining", {
              namespace: "ns",
              image: IMAGE,
              target: HOOK,
              alertmanagers: [ALERTMANAGER],
              ...change,
            }),
          (error: Error) => {
            assert.ok(error.message.startsWith(`RetrainingTrigger "retraining": ${sentence}`), error.message);
            return true;
          },
        );
      });
      assert.equal(declared.resources.filter(({ type }) => type.startsWith("kubernetes:")).length, 0);
    });
  }
});
