import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { gatePeer, gatePodLabels, gatePolicy } from "../../../components/internal/gate-flows";
import { gateJobName, gateJobSpec, gatePatience } from "../../../components/internal/gate-job";
import { createGateJobs } from "../../../components/internal/gate-job-resources";
import type { DriftGate, Gate, JobGate, QualityGate } from "../../../rollout/declaration";
import { GATE_OPTIONS } from "../../../runtime/gate/gate-command";
import { completeOptions, parseArguments } from "../../../runtime/option-table";
import { declare } from "../support/declared";

const IMAGE = `registry.example.com/slipway/runtime@sha256:${"0".repeat(64)}`;
const target = {
  rollout: "text",
  namespace: "models",
  candidate: "text-green",
  live: "text-blue",
  content: "sha256:a",
  image: IMAGE,
  authorityConfigMap: "text-gates",
};
const quality: QualityGate = {
  kind: "quality",
  name: "right",
  model: "ocr",
  dataset: "ocr-labelled",
  metric: "accuracy",
  threshold: 0.9,
  notWorseThanLiveBy: 0.0000001,
};
const drift: DriftGate = { kind: "drift", name: "drift", model: "ocr", dataset: "ocr-labelled", output: "y" };
const own: JobGate = {
  kind: "job",
  name: "own",
  image: `registry.example.com/check@sha256:${"1".repeat(64)}`,
  command: ["/check"],
  args: ["--fast"],
  env: { LEVEL: "2" },
};

// Specs hold outputs where the namespace may: tests look into them as they come out.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const specOf = async (gate: QualityGate | DriftGate | JobGate): Promise<any> =>
  (pulumi.output(gateJobSpec(gate, target)) as unknown as { promise(): Promise<unknown> }).promise();

describe("gateJobSpec", () => {
  it("runs one pod of the restricted standard, once", async () => {
    const { template, ...job } = await specOf(quality);
    assert.deepEqual(job, {
      backoffLimit: 0,
      activeDeadlineSeconds: 420,
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
    });
    const { spec } = template;
    assert.equal(spec.restartPolicy, "Never");
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
    const [container, ...others] = spec.containers;
    assert.deepEqual(others, []);
    assert.equal(container.securityContext.allowPrivilegeEscalation, false);
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
    assert.deepEqual(container.resources, {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: "1Gi" },
    });
    assert.equal(container.terminationMessagePolicy, "FallbackToLogsOnError");
  });

  it("tells the pod where both slots are and whom to trust", async () => {
    for (const gate of [quality, own]) {
      const [container] = (await specOf(gate)).template.spec.containers;
      for (const variable of [
        { name: "SLIPWAY_CANDIDATE_URL", value: "https://text-green.models.svc:8000" },
        { name: "SLIPWAY_LIVE_URL", value: "https://text-blue.models.svc:8000" },
        { name: "SLIPWAY_CA_FILE", value: "/etc/slipway/authority/ca.crt" },
      ])
        assert.deepEqual(
          container.env.find(({ name }: { name: string }) => name === variable.name),
          variable,
        );
      assert.deepEqual(
        container.volumeMounts.find(({ name }: { name: string }) => name === "authority"),
        { name: "authority", mountPath: "/etc/slipway/authority", readOnly: true },
      );
    }
  });

  it("gives the server's image a command line that it takes", async () => {
    const [container] = (await specOf(quality)).template.spec.containers;
    assert.equal(container.image, IMAGE);
    const [command, ...argv] = container.args as string[];
    assert.equal(command, "gate");
    const env = Object.fromEntries(
      container.env.map(({ name, value }: Record<string, string>) => [name, value]),
    );
    const { values } = parseArguments(GATE_OPTIONS, "gate", argv, env);
    assert.deepEqual(completeOptions(GATE_OPTIONS, values), {
      gate: "right",
      model: "ocr",
      dataset: "/etc/slipway/dataset/dataset.json",
      metric: "accuracy",
      threshold: 0.9,
      notWorseThanLiveBy: 0.0000001,
      candidateUrl: "https://text-green.models.svc:8000",
      liveUrl: "https://text-blue.models.svc:8000",
      caFile: "/etc/slipway/authority/ca.crt",
      concurrency: 8,
      timeout: 240,
      terminationLog: "/dev/termination-log",
    });
  });

  it("measures drift by psi up to 0.2 where nothing else is said", async () => {
    const [{ args }] = (await specOf(drift)).template.spec.containers;
    const { values } = parseArguments(GATE_OPTIONS, "gate", args.slice(1), {});
    assert.deepEqual([values.metric, values.threshold, values.output], ["psi", 0.2, "y"]);
    const [{ args: ks }] = (await specOf({ ...drift, method: "ks", threshold: 10 })).template.spec.containers;
    const { values: chosen } = parseArguments(GATE_OPTIONS, "gate", ks.slice(1), {});
    assert.deepEqual([chosen.metric, chosen.threshold], ["ks", 10]);
  });

  it("mounts the dataset where the command looks for it", async () => {
    const { volumes, containers } = (await specOf(quality)).template.spec;
    assert.deepEqual(volumes.find(({ name }: { name: string }) => name === "dataset").configMap, {
      name: "ocr-labelled",
      items: [{ key: "dataset.json", path: "dataset.json" }],
    });
    assert.ok(
      containers[0].volumeMounts.some(
        ({ mountPath, readOnly }: { mountPath: string; readOnly: boolean }) =>
          mountPath === "/etc/slipway/dataset" && readOnly,
      ),
    );
  });

  it("runs an image of one's own as it was asked for, within its time", async () => {
    const { template, activeDeadlineSeconds } = await specOf({ ...own, timeout: 30 });
    assert.equal(activeDeadlineSeconds, 30);
    const [container] = template.spec.containers;
    assert.deepEqual(
      [container.image, container.command, container.args],
      [own.image, ["/check"], ["--fast"]],
    );
    assert.deepEqual(container.env[0], { name: "LEVEL", value: "2" });
    assert.equal(gatePatience(own), 360);
    assert.ok(!template.spec.volumes.some(({ name }: { name: string }) => name === "dataset"));
  });
});

describe("gatePatience", () => {
  it("ends before Kubernetes removes the pod of a gate that could not begin", async () => {
    for (const gate of [quality, drift])
      assert.ok(gatePatience(gate) < (await specOf(gate)).activeDeadlineSeconds);
  });
});

describe("gateJobName", () => {
  const name = gateJobName("text", quality, "sha256:a", "l");

  it("is the same for the same candidate and gate, however the gate was written down", () => {
    assert.equal(
      gateJobName("text", Object.fromEntries(Object.entries(quality).reverse()) as never, "sha256:a", "l"),
      name,
    );
    assert.match(name, /^text-gate-right-[0-9a-f]{10}$/);
  });

  it("is another for another candidate or gate", () => {
    const others = [
      gateJobName("text", quality, "sha256:b", "l"),
      gateJobName("text", { ...quality, threshold: 0.8 }, "sha256:a", "l"),
      gateJobName("text", { ...quality, name: "left" }, "sha256:a", "l"),
      gateJobName("voice", quality, "sha256:a", "l"),
    ];
    assert.equal(new Set([name, ...others]).size, 5);
  });

  it("is another for another live slot where the gate asks that, and the same where it does not", () => {
    const { notWorseThanLiveBy: _, ...alone } = quality;
    const differs = (gate: QualityGate | DriftGate | JobGate) =>
      gateJobName("text", gate, "sha256:a", "l") !== gateJobName("text", gate, "sha256:a", "m");
    assert.deepEqual([quality, drift, own, alone].map(differs), [true, true, true, false]);
  });

  it("is a DNS label of at most 63 characters", () => {
    for (const [rollout, gate] of [
      ["a".repeat(57), "Right"],
      ["text", "X".repeat(60)],
      ["a".repeat(46), "right"],
    ] as const)
      assert.match(
        gateJobName(rollout, { ...quality, name: gate }, "c", "l"),
        /^[a-z0-9](?!.*--)[-a-z0-9]{0,61}[a-z0-9]$/,
      );
  });
});

describe("gatePolicy", () => {
  it("lets gates reach names and the servers of their rollout, and nobody reach gates", () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a spec may hold outputs; this one has none
    const { podSelector, ingress, egress, policyTypes } = gatePolicy("text") as any;
    assert.deepEqual(podSelector, { matchLabels: gatePodLabels("text") });
    assert.deepEqual([ingress, policyTypes], [[], ["Ingress", "Egress"]]);
    const [dns, servers, ...others] = egress as { ports: { port: number }[]; to: unknown[] }[];
    assert.deepEqual(others, []);
    assert.deepEqual(
      dns!.ports.map(({ port }) => port),
      [53, 53],
    );
    assert.deepEqual(servers, {
      to: [
        {
          podSelector: {
            matchLabels: { "app.kubernetes.io/name": "slipway-server", "slipway.dev/rollout": "text" },
          },
        },
      ],
      ports: [
        { protocol: "TCP", port: 8000 },
        { protocol: "TCP", port: 8001 },
      ],
    });
    assert.deepEqual(gatePeer("text", "models"), { namespace: "models", podLabels: gatePodLabels("text") });
  });
});

describe("createGateJobs", () => {
  const candidate = {
    ...target,
    content: pulumi.output("sha256:a"),
    liveContent: pulumi.output("l"),
    isLive: false,
    authorityPem: "PEM",
  };
  const approval: Gate = { kind: "approval", name: "word" };

  it("makes a Job for every gate that runs as one, behind its policy and authority", async () => {
    const declared = await declare(() => createGateJobs("text", [quality, approval, own], candidate, [], {}));
    assert.deepEqual(
      declared
        .kind("Job")
        .map(({ name, inputs }) => [name, inputs.metadata.name, inputs.metadata.namespace])
        .sort()
        .reverse(),
      [
        ["text-gate-right", gateJobName("text", quality, "sha256:a", "l"), "models"],
        ["text-gate-own", gateJobName("text", own, "sha256:a", "l"), "models"],
      ],
    );
    assert.deepEqual(declared.object("ConfigMap", "text-gates").data, { "ca.crt": "PEM" });
    const job = declared.kind("Job").find(({ name }) => name === "text-gate-right");
    const { volumes, containers } = job!.inputs.spec.template.spec;
    assert.equal(volumes[1].configMap.name, "text-gates");
    assert.deepEqual(job!.inputs.metadata.annotations, { "pulumi.com/replaceUnready": "true" });
    assert.equal(containers[0].image, IMAGE);
    assert.deepEqual(job!.inputs.spec.template.metadata.labels, {
      ...gatePodLabels("text"),
      "slipway.dev/rollout": "text",
      "app.kubernetes.io/part-of": "slipway",
      "slipway.dev/gate": "right",
    });
    assert.equal(job!.inputs.metadata.labels["slipway.dev/gate"], "right");
    assert.deepEqual(
      declared.object("NetworkPolicy", "text-gates").spec.podSelector.matchLabels,
      gatePodLabels("text"),
    );
  });

  it("leaves the Job of a candidate that went live, whatever its old slot is filled with", async () => {
    const ignored = async (isLive: boolean) => {
      const seen: unknown[] = [];
      const watch = ({ type, opts }: pulumi.ResourceTransformationArgs) => {
        if (type === "kubernetes:batch/v1:Job") seen.push(opts.ignoreChanges);
        return undefined;
      };
      await declare(() =>
        createGateJobs("text", [quality], { ...candidate, isLive }, [], { transformations: [watch] }),
      );
      return seen;
    };
    assert.deepEqual(await ignored(true), [["metadata.name"]]);
    assert.deepEqual(await ignored(false), [undefined]);
  });

  it("asks a live candidate anew that is another one itself: its Job's pod is not the same", async () => {
    const podOf = async (content: string, liveContent: string) => {
      const live = { ...candidate, content, liveContent, isLive: true };
      const declared = await declare(() => createGateJobs("text", [quality], live, [], {}));
      return declared.kind("Job")[0]!.inputs.spec.template;
    };
    const pod = await podOf("sha256:a", "l");
    assert.match(pod.metadata.annotations["slipway.dev/candidate"], /^[0-9a-f]{64}$/);
    assert.deepEqual(await podOf("sha256:a", "m"), pod);
    assert.notDeepEqual(await podOf("sha256:b", "l"), pod);
  });

  it("makes nothing where no gate runs as a Job", async () => {
    const declared = await declare(() => createGateJobs("text", [approval], candidate, [], {}));
    assert.deepEqual(declared.resources, []);
  });
});
