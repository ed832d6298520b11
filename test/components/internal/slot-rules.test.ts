import assert from "node:assert";
import {
  grpcRoute,
  mostModelsOfRollout,
  ownHttpRoute,
  sharedHttpRoute,
} from "../../../components/internal/routes";
import type { RouteRule, SlotRouting } from "../../../components/internal/slot-rules";

const routing = (change: Partial<SlotRouting> & { weights?: [number, number] } = {}): SlotRouting => {
  const { weights: [blue, green] = [100, 0], ...rest } = change;
  return {
    backends: [
      { slot: "blue", service: "text-blue", weight: blue, only: [] },
      { slot: "green", service: "text-green", weight: green, only: [] },
    ],
    live: "blue",
    mirror: 0,
    match: undefined,
    affinity: undefined,
    ...rest,
  };
};
const target = (slots: SlotRouting) => ({
  gateway: "front",
  gatewayNamespace: "ns",
  service: "text",
  slots,
  credentialHeaders: ["Authorization"],
});
const http = (slots: SlotRouting): readonly RouteRule[] =>
  ownHttpRoute("text.localhost", target(slots)).rules;
const grpc = (slots: SlotRouting): readonly RouteRule[] =>
  grpcRoute("localhost", "text", target(slots)).rules;

/** Name, header and weights of every rule: "traffic-match x-tester=1 blue:0 green:100". */
const shown = (rules: readonly RouteRule[]) =>
  rules.map(({ name, matches, backendRefs }) =>
    [
      name,
      ...(matches[0]!.headers ?? [])
        .filter((header) => header.name !== "slipway-service")
        .map((header) => `${header.name}=${String(header.value)}`),
      ...backendRefs.map((ref) => `${String(ref.name).replace("text-", "")}:${ref.weight}`),
    ].join(" "),
  );

const ALONE = [
  "traffic-blue slipway-slot=blue blue:1",
  "control-blue slipway-slot=blue blue:1",
  "traffic-green slipway-slot=green green:1",
  "control-green slipway-slot=green green:1",
];

describe("slotRules", () => {
  it("lead to both slots by their weights, also where one has none, and to each alone by a header", () => {
    const idle = ["traffic blue:100 green:0", "control blue:100 green:0", ...ALONE];
    assert.deepEqual(shown(http(routing())), idle);
    assert.deepEqual(shown(grpc(routing())), idle);
  });

  it("change numbers only when traffic moves", () => {
    const form = (slots: SlotRouting) =>
      JSON.stringify([http(slots), grpc(slots)]).replaceAll(/"weight":\d+/g, "weight");
    assert.equal(form(routing({ weights: [95, 5] })), form(routing()));
    assert.equal(form(routing({ weights: [0, 100], live: "green" })), form(routing()));
  });

  it("lead to one slot where there is one", () => {
    const [blue] = routing().backends;
    assert.deepEqual(shown(http(routing({ backends: [blue!] }))), [
      "traffic blue:100",
      "control blue:100",
      "traffic-blue slipway-slot=blue blue:1",
      "control-blue slipway-slot=blue blue:1",
    ]);
  });

  it("keep the matches and filters of the service's own rules", () => {
    const [traffic, , blue] = http(routing());
    assert.deepEqual(traffic!.matches, [{ path: { type: "PathPrefix", value: "/v2" } }]);
    assert.deepEqual(blue!.matches, [
      {
        path: { type: "PathPrefix", value: "/v2" },
        headers: [{ type: "Exact", name: "slipway-slot", value: "blue" }],
      },
    ]);
    assert.ok(http(routing()).every(({ filters }) => filters[0]!.type === "RequestHeaderModifier"));
    const [, , shared] = grpc(routing());
    assert.deepEqual(shared!.matches[0]!.headers, [
      { type: "Exact", name: "slipway-service", value: "text" },
      { type: "Exact", name: "slipway-slot", value: "blue" },
    ]);
  });

  it("send a canary's match to the candidate while it has a share, by a rule that a rollback can turn", () => {
    const match = { header: "x-tester", value: "1" };
    const last = (slots: SlotRouting) => shown(http(slots)).slice(6);
    assert.deepEqual(last(routing({ match, weights: [95, 5] })), [
      "traffic-match x-tester=1 blue:0 green:100",
    ]);
    assert.deepEqual(last(routing({ match })), []);
    assert.deepEqual(shown(grpc(routing({ match, weights: [95, 5] }))).slice(6), [
      "traffic-match x-tester=1 blue:0 green:100",
    ]);
  });

  describe("with affinity", () => {
    const affinity = "0a1b2c3d";
    const rules = http(routing({ affinity, weights: [90, 10] }));

    it("give each client the cookie of the side that it was sent to", () => {
      const cookies = rules[0]!.backendRefs.map(({ filters }) => JSON.stringify(filters));
      assert.equal(cookies.length, 2);
      ["blue", "green"].forEach((slot, i) =>
        assert.ok(
          cookies[i]!.includes(
            `{"name":"Set-Cookie","value":"slipway-slot=${slot}.0a1b2c3d; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax"}`,
          ),
          cookies[i],
        ),
      );
    });

    it("keep clients with a cookie on its side, after all rules that stay", () => {
      assert.deepEqual(
        shown(rules)
          .slice(6)
          .map((rule) => rule.replace(/Cookie=\S+ ?\S*/, "cookie")),
        ["traffic-kept-blue cookie blue:100 green:0", "traffic-kept-green cookie blue:0 green:100"],
      );
    });

    it("know their own cookie among others, and no other candidate's", () => {
      const { type, value } = rules[6]!.matches[0]!.headers![0]!;
      assert.equal(type, "RegularExpression");
      // Envoy's matches are of the whole value.
      const pattern = new RegExp(`^(?:${String(value)})$`);
      for (const cookie of [
        "slipway-slot=blue.0a1b2c3d",
        "a=1; slipway-slot=blue.0a1b2c3d",
        "a=1;slipway-slot=blue.0a1b2c3d; b=2",
      ])
        assert.match(cookie, pattern);
      for (const cookie of [
        "slipway-slot=green.0a1b2c3d",
        "slipway-slot=blue.ffffffff",
        "slipway-slot=blue.0a1b2c3d4",
        "my-slipway-slot=blue.0a1b2c3d",
        "a=1",
      ])
        assert.doesNotMatch(cookie, pattern);
    });

    it("have no cookie while one side has all, and still a cluster per side", () => {
      const idle = http(routing({ affinity }));
      assert.deepEqual(shown(idle), shown(http(routing())));
      for (const { filters } of idle[0]!.backendRefs)
        assert.deepEqual(filters, [
          { type: "ResponseHeaderModifier", responseHeaderModifier: { remove: ["slipway-no-change"] } },
        ]);
    });

    it("leave gRPC, which has no cookies, and calls that change a server as they are", () => {
      const slots = routing({ affinity, weights: [90, 10] });
      assert.doesNotMatch(JSON.stringify(grpc(slots)), /cookie/i);
      assert.deepEqual(shown(grpc(slots)), [
        "traffic blue:90 green:10",
        "control blue:90 green:10",
        ...ALONE,
      ]);
      assert.doesNotMatch(JSON.stringify(http(slots)[1]), /filters":\[\{"type":"Response/);
    });
  });

  it("copy requests of the traffic to the slot that is not live, and nothing else", () => {
    const copies = { type: "RequestMirror", requestMirror: { backendRef: {}, percent: 20 } };
    for (const [rules, port] of [
      [http(routing({ mirror: 20 })), 8000],
      [grpc(routing({ mirror: 20 })), 8001],
    ] as const) {
      const backendRef = { group: "", kind: "Service", name: "text-green", port };
      assert.deepEqual(rules[0]!.filters[1], { ...copies, requestMirror: { backendRef, percent: 20 } });
      for (const rule of rules.slice(1)) assert.equal(rule.filters.length, 1, rule.name);
    }
    const back = http(routing({ mirror: 20, live: "green", weights: [0, 100] }));
    assert.match(JSON.stringify(back[0]!.filters[1]), /"name":"text-blue"/);
  });

  it("lead sign-ins to the service, whose gateway answers them, and to no slot alone", () => {
    const rules = ownHttpRoute("h", target(routing()), ["/oauth2/callback"]).rules;
    assert.deepEqual(shown(rules), [
      "protocol blue:100 green:0",
      "control blue:100 green:0",
      "sign-in blue:100 green:0",
      "protocol-blue slipway-slot=blue blue:1",
      "control-blue slipway-slot=blue blue:1",
      "protocol-green slipway-slot=green green:1",
      "control-green slipway-slot=green green:1",
    ]);
  });

  it("lead paths of versions to the slot that alone has them, whatever is shared", () => {
    const backends = routing({ weights: [90, 10] }).backends.map((backend) => ({
      ...backend,
      only: backend.slot === "green" ? [{ name: "ocr", version: "5" }] : [],
    }));
    for (const { rules } of [
      sharedHttpRoute("h", ["ocr"], target({ ...routing(), backends })),
      ownHttpRoute("h", target({ ...routing(), backends })),
    ]) {
      const [rule, ...others] = rules.filter(({ name }) => name?.startsWith("version-"));
      assert.deepEqual(others, []);
      assert.equal(rule!.name, "version-green");
      assert.deepEqual(rule!.matches, [{ path: { type: "PathPrefix", value: "/v2/models/ocr/versions/5" } }]);
      assert.deepEqual(
        rule!.backendRefs.map(({ name, weight }) => [name, weight]),
        [["text-green", 1]],
      );
      assert.deepEqual(rule!.filters, rules[0]!.filters, "no credentials go further");
    }
  });

  const limits: [boolean, boolean, number][] = [
    [false, false, 25],
    [true, false, 21],
    [false, true, 18],
    [true, true, 16],
  ];
  for (const [match, sticky, most] of limits) {
    it(`fit into a route for ${most} models${match ? " with a match" : ""}${sticky ? " with cookies" : ""}`, () => {
      assert.equal(mostModelsOfRollout({ match, sticky }), most);
      const slots = routing({
        weights: [50, 50],
        ...(match ? { match: { header: "x", value: "1" } } : {}),
        ...(sticky ? { affinity: "0a1b2c3d" } : {}),
      });
      const total = (models: number) => {
        const names = Array.from({ length: models }, (_, i) => `m${i}`);
        const backends = slots.backends.map((backend, i) => ({
          ...backend,
          only: names.map((name) => ({ name, version: String(i) })),
        }));
        const { rules } = sharedHttpRoute("localhost", names, target({ ...slots, backends }));
        assert.ok(rules.length <= 16 && rules.every((rule) => rule.matches.length <= 64));
        return rules.reduce((sum, rule) => sum + rule.matches.length, 0);
      };
      assert.ok(total(most) <= 128);
      assert.ok(total(most + 1) > 128);
    });
  }
});
