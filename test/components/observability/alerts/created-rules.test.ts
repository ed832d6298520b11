import assert from "node:assert/strict";
import {
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  Monitoring,
  Rollout,
  type InferenceServiceArgs,
  type RolloutArgs,
} from "../../../../components";
import type {
  AlertingRule,
  RecordingRule,
  RuleGroup,
} from "../../../../components/observability/alerts/rule";
import { validateStack } from "../../../../components/stack-settings";
import { candidateShare, initialState } from "../../../../rollout/traffic-state";
import { declare, type Declaration } from "../../support/declared";
import { IMAGE, model, stackArgs } from "../../support/examples";

const OBJECTIVES = { availability: { percent: 99.9 }, latency: { percent: 99, seconds: 0.25 } };
const SCRAPERS = [{ namespace: "m", podLabels: { app: "prometheus" } }];
const MODELS = [model("ocr", "4"), model("ocr", "5")];

const around = () => ({
  namespace: "ns",
  image: IMAGE,
  repository: new ModelRepository("models", { models: MODELS }),
  authority: new CertificateAuthority("authority"),
  scrapers: SCRAPERS,
});
const service = (change: Partial<InferenceServiceArgs> = {}) =>
  declare(() => new InferenceService("text", { ...around(), models: [MODELS[0]!], ...change }));
const rollout = (change: Partial<RolloutArgs> = {}) =>
  declare(
    () =>
      new Rollout("text", {
        ...around(),
        slots: { blue: { models: [MODELS[0]!] }, green: { models: [MODELS[1]!] } },
        strategy: { kind: "canary", stepWeights: [10], interval: 60 },
        ...change,
      }),
  );

const groupsOf = (declared: Declaration, name: string): RuleGroup[] =>
  declared.object("PrometheusRule", name).spec.groups as RuleGroup[];
const alertsOf = (groups: RuleGroup[]): AlertingRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule): rule is AlertingRule => "alert" in rule));
const recordsOf = (groups: RuleGroup[], name: string): RecordingRule[] =>
  groups.flatMap(({ rules }) =>
    rules.filter((rule): rule is RecordingRule => "record" in rule && rule.record === name),
  );
const namesOf = (groups: RuleGroup[]) => [...new Set(alertsOf(groups).map(({ alert }) => alert))];

describe("PrometheusRules", () => {
  it("of a service say that it is there, and nothing of a promise that nobody made", async () => {
    const declared = await service();
    const { metadata } = declared.object("PrometheusRule", "text-alerts");
    assert.deepEqual(metadata.labels, { "app.kubernetes.io/part-of": "slipway" });
    assert.equal(metadata.namespace, "ns");
    assert.deepEqual(namesOf(groupsOf(declared, "text-alerts")), [
      "SlipwayTargetMissing",
      "SlipwayModelNotReady",
    ]);
  });

  it("of a service with objectives tell when its budget burns", async () => {
    const groups = groupsOf(await service({ objectives: OBJECTIVES }), "text-alerts");
    assert.deepEqual(
      groups.map(({ name }) => name),
      ["slipway-text-presence", "slipway-text-availability", "slipway-text-latency"],
    );
    assert.match(JSON.stringify(groups), /namespace=\\"ns\\",service=\\"text\\"/);
  });

  it("lead to runbooks of one's own, and carry what a Prometheus looks for", async () => {
    const declared = await service({
      runbookBaseUrl: "https://wiki.example",
      scrapers: [{ ...SCRAPERS[0]!, monitorLabels: { release: "stack" } } as (typeof SCRAPERS)[0]],
    });
    const { metadata } = declared.object("PrometheusRule", "text-alerts");
    assert.equal(metadata.labels.release, "stack");
    for (const { alert, annotations } of alertsOf(groupsOf(declared, "text-alerts")))
      assert.equal(annotations.runbook_url, `https://wiki.example/${alert}.md`);
  });

  it("come after the servers, which are no outage before they were there", async () => {
    const declared = await declare(
      () => new InferenceService("text", { ...around(), models: [MODELS[0]!] }),
      ["Deployment"],
    );
    const names = declared.resources.map(({ name }) => name);
    assert.ok(names.indexOf("text-alerts") > names.indexOf("text-deployment"));
  });

  it("are not made where nobody reads metrics, nor for what may sleep and promises nothing", async () => {
    assert.equal((await service({ scrapers: [] })).kind("PrometheusRule").length, 0);
    const scaling = { on: "queueDepth", target: 4, via: "keda" } as const;
    const asleep = { replicas: 0, maxReplicas: 2, scaling };
    assert.equal((await service(asleep)).kind("PrometheusRule").length, 0);
    const promised = await service({ ...asleep, objectives: OBJECTIVES });
    assert.deepEqual(namesOf(groupsOf(promised, "text-alerts")), [
      "SlipwayAvailabilityBudgetBurn",
      "SlipwayLatencyBudgetBurn",
    ]);
  });

  it("of a rollout are one for both slots, over those that get requests", async () => {
    const declared = await rollout({ objectives: OBJECTIVES });
    assert.deepEqual(
      declared.kind("PrometheusRule").map(({ inputs }) => inputs.metadata.name),
      ["text-alerts"],
    );
    assert.match(JSON.stringify(groupsOf(declared, "text-alerts")), /service=\\"text-blue\\"/);
    assert.doesNotMatch(JSON.stringify(groupsOf(declared, "text-alerts")), /text-green/);
    const traffic = { ...initialState("blue"), weights: candidateShare("blue", 10) };
    const groups = groupsOf(await rollout({ traffic }), "text-alerts");
    assert.match(JSON.stringify(groups), /service=~\\"text-blue\|text-green\\"/);
    assert.deepEqual(
      recordsOf(groups, "rollout:slipway_traffic_weight:percent").map(({ expr, labels }) => [
        labels?.slot,
        expr,
      ]),
      [
        ["blue", "vector(90)"],
        ["green", "vector(10)"],
      ],
    );
    assert.ok(namesOf(groups).includes("SlipwayRolloutStuck"));
  });

  it("say how many pods each server that gets requests has at least", async () => {
    const leastOf = async (declared: Promise<Declaration>) =>
      recordsOf(groupsOf(await declared, "text-alerts"), "service:slipway_servers:minimum").map(
        ({ expr, labels }) => [labels?.namespace, labels?.service, expr],
      );
    assert.deepEqual(await leastOf(service()), [["ns", "text", "vector(2)"]]);
    assert.deepEqual(await leastOf(service({ replicas: 3, maxReplicas: 9 })), [["ns", "text", "vector(3)"]]);
    const slots = { blue: { models: [MODELS[0]!] }, green: { models: [MODELS[1]!], replicas: 4 } };
    assert.deepEqual(await leastOf(rollout({ slots })), [["ns", "text-blue", "vector(2)"]]);
    const traffic = { ...initialState("blue"), weights: candidateShare("blue", 10) };
    assert.deepEqual(await leastOf(rollout({ slots, traffic })), [
      ["ns", "text-blue", "vector(2)"],
      ["ns", "text-green", "vector(4)"],
    ]);
    const flagger = rollout({ driver: "flagger", replicas: 3, slots: { blue: { models: [MODELS[0]!] } } });
    assert.deepEqual(await leastOf(flagger), [["ns", "text-primary", "vector(3)"]]);
  });

  it("of a rollout are not those of one slot", async () => {
    const slots = { blue: { models: [MODELS[0]!], objectives: OBJECTIVES } };
    await assert.rejects(async () => {
      let thrown: unknown;
      await declare(() => {
        try {
          new Rollout("text", { ...around(), slots, strategy: { kind: "blueGreen" } });
        } catch (error) {
          thrown = error;
        }
      });
      throw thrown;
    }, /`slots\.blue\.objectives`: cannot be those of one slot: users know the service alone; give `objectives` of the rollout/);
  });

  it("of the platform watch the gateway's proxies by the job of their monitor", async () => {
    const args = {
      namespace: "m",
      servicesNamespace: "s",
      proxies: [{ namespace: "gateways", podLabels: { app: "envoy" } }],
    };
    const declared = await declare(() => new Monitoring("prometheus", args));
    const groups = groupsOf(declared, "prometheus-alerts");
    assert.match(
      JSON.stringify(groups[0]),
      /up\{namespace=\\"gateways\\",job=\\"m\/prometheus-proxies-0\\"\}/,
    );
    assert.equal(declared.object("PodMonitor", "prometheus-proxies-0").metadata.namespace, "m");
    const none = await declare(() => new Monitoring("prometheus", { ...args, alerts: false }));
    assert.equal(none.kind("PrometheusRule").length, 0);
  });
});

describe("wrong objectives", () => {
  const wrong = { availability: { percent: 100 } };
  const reason = "100 leaves no budget: every single failure would break the promise; try 99.9";
  /** What a program says before it has made anything. */
  async function refusal(program: () => unknown): Promise<string> {
    let message = "";
    const { resources } = await declare(() => {
      try {
        program();
      } catch (error) {
        message = (error as Error).message;
      }
    });
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("kubernetes:")),
      [],
    );
    return message;
  }

  it("of a service are refused before anything is made", async () => {
    const said = await refusal(
      () => new InferenceService("text", { ...around(), models: [MODELS[0]!], objectives: wrong }),
    );
    assert.equal(said, `InferenceService "text": \`objectives.availability.percent\`: ${reason}`);
  });

  it("of a rollout are told once, not for each slot", async () => {
    const slots = { blue: { models: [MODELS[0]!] }, green: { models: [MODELS[1]!] } };
    const args = { slots, strategy: { kind: "canary" }, objectives: wrong } as const;
    const said = await refusal(() => new Rollout("text", { ...around(), ...args }));
    assert.equal(said, `Rollout "text": \`objectives.availability.percent\`: ${reason}`);
  });

  it("of a stack's service are told with their place, also where nothing is watched", () => {
    const [first, ...others] = stackArgs().services;
    const stack = { ...stackArgs(), services: [{ ...first!, objectives: wrong }, ...others] };
    assert.throws(() => validateStack("slipway", stack), {
      message: `ServingStack "slipway": \`services[0].objectives.availability.percent\`: ${reason}`,
    });
    const objectives = { availability: { percent: 99 } };
    const unwatched = {
      ...stack,
      monitoring: false as const,
      services: [{ ...first!, objectives }, ...others],
    };
    assert.throws(
      () => validateStack("slipway", unwatched),
      /`services\[0\]\.objectives`: cannot be kept an eye on: /,
    );
  });
});

describe("objectives in a stack", () => {
  const stack = (monitoring: { retention: string }, windowDays?: number) => {
    const [first, ...others] = stackArgs().services;
    const objectives = { availability: { percent: 99 }, windowDays };
    return { ...stackArgs(), monitoring, services: [{ ...first!, objectives }, ...others] };
  };

  it("need samples as old as they look back", () => {
    assert.throws(() => validateStack("slipway", stack({ retention: "2d" })), {
      message:
        'ServingStack "slipway": `services[0].objectives`: need burn rates over 3 days, and `monitoring.retention` ("2d") keeps less; it must be 3d at least',
    });
    assert.doesNotThrow(() => validateStack("slipway", stack({ retention: "72h" })));
    assert.doesNotThrow(() => validateStack("slipway", stack({ retention: "1d" }, 2)));
    assert.throws(
      () => validateStack("slipway", stack({ retention: "12h" }, 2)),
      /need burn rates over 1 day, and `monitoring.retention` \("12h"\) keeps less; it must be 1d at least/,
    );
  });
});
