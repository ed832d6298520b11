import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  Monitoring,
  ServingStack,
  type AlertingSettings,
  type ServingStackArgs,
  type StackRetraining,
} from "../../../components";
import { declare, type Declaration } from "../support/declared";
import { stackArgs } from "../support/examples";
import { valueOf } from "../support/repositories";

const HOOK = { kind: "http", url: "https://train.example/hook" } as const;
const PEOPLE = { webhook: { url: "https://pager.example/alerts" } };
const MATCHERS = [
  { name: "alertname", matchType: "=~", value: "SlipwayDriftDetected|SlipwayQualityDegraded" },
];

async function stack(
  retraining: StackRetraining | undefined,
  change: Partial<ServingStackArgs> = {},
  alerting?: AlertingSettings,
): Promise<[ServingStack, Declaration]> {
  let made!: ServingStack;
  const args = stackArgs();
  const monitoring = { ...(args.monitoring as object), alerting };
  const declared = await declare(() => {
    made = new ServingStack("slipway", { ...args, monitoring, retraining, ...change });
  });
  return [made, declared];
}

const routing = (declared: Declaration) =>
  declared.object("AlertmanagerConfig", "prometheus-alertmanager").spec;

describe("retraining of a stack", () => {
  let made: ServingStack;
  let declared: Declaration;
  before(async () => {
    [made, declared] = await stack({ target: HOOK, cooldown: 60 });
  });

  it("is none unless asked for", async () => {
    const [without, nothing] = await stack(undefined);
    assert.equal(without.retraining, undefined);
    assert.deepEqual(
      nothing.resources.filter(({ name }) => name.startsWith("retraining")),
      [],
    );
    assert.equal(nothing.kind("AlertmanagerConfig").length, 0);
  });

  it("runs the stack's own image beside the servers", () => {
    const { metadata, spec } = declared.object("Deployment", "retraining");
    assert.equal(metadata.namespace, "slipway");
    const [container] = spec.template.spec.containers;
    assert.equal(container.image, stackArgs().runtimeImage);
    assert.deepEqual(container.args.slice(0, 1), ["retraining-trigger"]);
    assert.match(container.args.join(" "), /--cooldown 60/);
  });

  it("is told of everything where nobody else is, by the stack's Alertmanager, with its token", () => {
    const { receivers, route } = routing(declared);
    assert.deepEqual([route.receiver, route.routes], ["retraining", []]);
    assert.deepEqual(
      receivers.map(({ name }: { name: string }) => name),
      ["retraining"],
    );
    const [webhook] = receivers[0].webhookConfigs;
    assert.equal(webhook.sendResolved, false);
    assert.ok(webhook.httpConfig.authorization.credentials.key);
  });

  it("is told before people, who are told as if it were not there", async () => {
    const [, alone] = await stack({ target: HOOK }, {}, { receivers: { people: PEOPLE } });
    const { route } = routing(alone);
    assert.equal(route.receiver, "people");
    assert.deepEqual(route.routes, [
      { receiver: "retraining", matchers: MATCHERS, continue: true },
      // Without it nobody but the trigger would be told of what the first one takes.
      { receiver: "people", matchers: MATCHERS },
    ]);

    const routes = [{ receiver: "oncall", severity: "page" }] as const;
    const receivers = { people: PEOPLE, oncall: PEOPLE };
    const [, both] = await stack({ target: HOOK }, {}, { receivers, receiver: "people", routes });
    assert.deepEqual(
      routing(both).route.routes.map(({ receiver }: { receiver: string }) => receiver),
      ["retraining", "oncall", "people"],
    );
  });

  it("leaves people alone whom a route of their own has told", async () => {
    const matchers = ['alertname=~"SlipwayDriftDetected|SlipwayQualityDegraded"'];
    const routes = [{ receiver: "trainers", matchers }];
    const receivers = { people: PEOPLE, trainers: PEOPLE };
    const [, told] = await stack({ target: HOOK }, {}, { receivers, receiver: "people", routes });
    assert.deepEqual(
      routing(told).route.routes.map(({ receiver }: { receiver: string }) => receiver),
      ["retraining", "trainers"],
    );
  });

  it("is told of the alerts that it asks for, or of all", async () => {
    const valueWith = async (alerts: readonly string[]) => {
      const [, told] = await stack({ target: HOOK, alerts }, {}, { receivers: { people: PEOPLE } });
      return routing(told).route.routes[0].matchers[0].value as string;
    };
    assert.equal(await valueWith(["OwnAlert"]), "OwnAlert");
    assert.equal(await valueWith(["*"]), ".+");
  });

  it("lets in the stack's Alertmanager and Prometheus, which Alertmanager may leave for it", () => {
    const { ingress } = declared.object("NetworkPolicy", "retraining").spec;
    const labels = ingress.map(({ from }: any) => from[0].podSelector.matchLabels); // eslint-disable-line @typescript-eslint/no-explicit-any
    assert.deepEqual(
      labels.map((each: Record<string, string>) => each["app.kubernetes.io/name"]),
      ["alertmanager", "prometheus"],
    );
    const { egress } = declared.object("NetworkPolicy", "prometheus-alertmanager").spec;
    assert.ok(
      JSON.stringify(egress).includes('"app.kubernetes.io/instance":"retraining"'),
      JSON.stringify(egress),
    );
  });

  it("says what payloads are signed with, as a secret", async () => {
    assert.match(await valueOf(made.retraining!.signingSecret), /^whsec_/);
    assert.ok(await pulumi.isSecret(made.retraining!.signingSecret));
  });

  const refused: [string, () => Partial<ServingStackArgs>, RegExp][] = [
    ["no monitoring", () => ({ monitoring: false }), /`monitoring` is false/],
    ["no Alertmanager", () => ({ monitoring: { alerting: false } }), /`monitoring\.alerting` is false/],
    [
      "a Prometheus that is there already",
      () => ({ monitoring: { existing: { namespace: "observability" } } }),
      /that of `monitoring\.existing` is set up where it was made/,
    ],
    [
      "a Monitoring that is there already",
      () => ({ monitoring: new Monitoring("own", { namespace: "m", servicesNamespace: "slipway" }) }),
      /`monitoring` is there already; give a RetrainingTrigger's `receiver` to it/,
    ],
    [
      "a receiver of that name",
      () => ({ monitoring: { alerting: { receivers: { retraining: PEOPLE } } } }),
      /`monitoring\.alerting\.receivers\.retraining`: is the stack's own trigger/,
    ],
    [
      "a service of that name",
      () => ({ services: [{ ...stackArgs().services[0]!, name: "retraining" }] }),
      /`services\[0\]\.name`: "retraining" is the name of the stack's own trigger/,
    ],
    [
      "a target that anybody could read along with",
      () => ({ retraining: { target: { kind: "http", url: "http://train.example/hook" } } }),
      /`retraining\.target\.url`: "http:\/\/train\.example\/hook" speaks plain HTTP/,
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`is refused before anything is made, with ${what}`, async () => {
      let nothing: Declaration | undefined;
      await assert.rejects(async () => {
        nothing = await declare(() => {
          new ServingStack("slipway", { ...stackArgs(), retraining: { target: HOOK }, ...change() });
        });
      }, message);
      assert.equal(nothing, undefined);
    });
  }
});
