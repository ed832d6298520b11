import assert from "node:assert/strict";
import { resolveGateway, type GatewaySettings } from "../../../components/traffic/gateway-settings";
import { resolveLimits } from "../../../components/traffic/service-route";
import type { InferenceServiceArgs } from "../../../components";
import { service } from "../serving/support/service";
import { ACM_ARN } from "../support/callers";
import { declare } from "../support/declared";

/** What the API server, or Envoy Gateway, would refuse; the value before it is taken. */
describe("limits that a cluster sets", () => {
  const longest = (length: number) => [63, 63, 63, length].map((n) => "h".repeat(n)).join(".");
  const gateways: [what: string, good: GatewaySettings, wrong: GatewaySettings, said: string][] = [
    [
      "a host that leaves room for services'",
      { host: longest(10) },
      { host: longest(11) },
      `\`host\`: "${longest(11)}" must have at most 202 characters: each service has a host of its own beneath it`,
    ],
    [
      "replicas",
      { replicas: 2 ** 31 - 1 },
      { replicas: 2 ** 31 },
      "`replicas`: 2147483648 must be at most 2147483647",
    ],
    [
      "the proxies' namespace",
      { proxyNamespace: "envoy" },
      { proxyNamespace: "a.b" },
      '`proxyNamespace`: "a.b" must be the name of a namespace',
    ],
    [
      "the smallest buffer",
      { retryBuffer: "65535" },
      { retryBuffer: "63Ki" },
      '`retryBuffer`: "63Ki" must be from 65535 to 2147483647 bytes, as windows of HTTP/2 are',
    ],
    [
      "the largest buffer",
      { retryBuffer: "2147483647" },
      { retryBuffer: "2Gi" },
      '`retryBuffer`: "2Gi" must be from 65535 to 2147483647 bytes, as windows of HTTP/2 are',
    ],
  ];
  for (const [what, good, wrong, said] of gateways) {
    it(`hold for a gateway: ${what}`, () => {
      resolveGateway("g", good);
      assert.throws(() => resolveGateway("g", wrong), { message: `ApiGateway "g": ${said}` });
    });
  }

  it("hold for the name of a gateway behind an ALB", () => {
    const alb: GatewaySettings = {
      certificate: { acmArn: ACM_ARN },
      loadBalancer: { kind: "aws-alb", sourceRanges: ["10.0.0.0/16"] },
    };
    resolveGateway("g".repeat(44), alb);
    resolveGateway("g".repeat(63), {});
    const name = "g".repeat(45);
    assert.throws(() => resolveGateway(name, alb), {
      message: `ApiGateway "${name}": \`name\`: "${name}" must have at most 44 characters behind an ALB, whose settings name the proxies' Service after it`,
    });
  });

  it("hold for what a route lets through", () => {
    const most = { requestsPerSecond: 2 ** 32 - 1, requestTimeout: 99_999, maxParallelRequests: 2 ** 32 - 1 };
    assert.deepEqual(resolveLimits("r", most), most);
    const beyond = { requestsPerSecond: 2 ** 32, requestTimeout: 100_000, maxParallelRequests: 2 ** 32 };
    assert.throws(() => resolveLimits("r", beyond), {
      message:
        'ServiceRoute "r": `requestsPerSecond`: 4294967296 must be at most 4294967295; ' +
        "`requestTimeout`: 100000 must be at most 99999; `maxParallelRequests`: 4294967296 must be at most 4294967295",
    });
  });

  const refusedService = (change: Partial<InferenceServiceArgs>, message: string) =>
    declare(() => assert.throws(service("s", change), { message: `InferenceService "s": ${message}` }));

  it("hold for the size of a service's models", async () => {
    const pool = { gpus: 1 };
    await declare(service("s", { ...pool, modelSize: "1350Gi", startupTimeout: 3600 }));
    await refusedService(
      { ...pool, modelSize: "1351Gi", startupTimeout: 3600 },
      '`modelSize`: "1351Gi" must be at most 1350Gi, which a pod may take a day to fetch',
    );
  });

  it("hold for what a node's label is compared with", () =>
    refusedService(
      { nodeRequirements: [{ key: "cores", operator: "Gt", values: ["-1"] }] },
      '`nodeRequirements[0].values`: ["-1"] must be one whole number >= 0',
    ));
});
