import assert from "node:assert";
import { optionProblem, serverEnvironment, variableOf } from "../../../components/internal/server-options";
import { backendTrafficPolicy } from "../../../components/internal/traffic-policy";
import { ROUTE_DEFAULTS } from "../../../components/traffic/service-route";
import { TUNABLE_OPTIONS } from "../../../runtime/contract";
import { parseServerOptions, SERVER_OPTIONS } from "../../../runtime/options";
import { variableOf as variableOfServer } from "../../../runtime/option-table";

const environmentOf = (memoryLimit: string, options: Record<string, number | string>) =>
  serverEnvironment({ drainDelay: 5, drainTimeout: 25, memoryLimit, options });

describe("server options", () => {
  it("derives the variables as the server does", () => {
    for (const option of Object.keys(SERVER_OPTIONS))
      assert.equal(variableOf(option), variableOfServer(option));
    assert.equal(variableOf("max-queue-size"), "SLIPWAY_MAX_QUEUE_SIZE");
  });

  it("gives an environment that the server accepts", () => {
    const environment = serverEnvironment({
      drainDelay: 5,
      drainTimeout: 25,
      memoryLimit: "1Gi",
      options: { maxQueueSize: 7, logLevel: "warn" },
    });
    const known = new Set(Object.keys(SERVER_OPTIONS).map(variableOfServer));
    for (const variable of Object.keys(environment)) assert.ok(known.has(variable), variable);
    const options = parseServerOptions(["--model-repository", "."], environment);
    assert.equal(options.maxQueueSize, 7);
    assert.equal(options.drainDelay, 5);
    assert.equal(options.tlsCert, "/etc/slipway/tls/tls.crt");
  });

  it("keeps idle connections longer than the gateway, used or not", () => {
    const environment = environmentOf("1Gi", {});
    const options = parseServerOptions(["--model-repository", "."], environment);
    const { timeout } = backendTrafficPolicy("HTTPRoute", [], { ...ROUTE_DEFAULTS });
    const gateway = parseInt(timeout.http.connectionIdleTimeout, 10);
    for (const seconds of [options.idleTimeout, options.headerTimeout, options.requestTimeout])
      assert.ok(seconds > gateway, `${seconds} > ${gateway}`);
  });

  const budgets: [string, Record<string, number | string>, number, number][] = [
    ["1Gi", {}, 16777216, 268435456],
    ["16Gi", {}, 67108864, 4294967296],
    ["128Mi", {}, 2097152, 33554432],
    ["128Mi", { maxBodyBytes: 1048576 }, 1048576, 33554432],
    ["1Gi", { "max-body-bytes": 536870912 }, 536870912, 536870912],
    ["1Gi", { maxPendingBytes: 100000000 }, 16777216, 100000000],
  ];
  for (const [limit, options, body, pending] of budgets) {
    it(`takes bodies of ${body} bytes, ${pending} in all, with ${limit} of memory and ${JSON.stringify(options)}`, () => {
      const environment = environmentOf(limit, options);
      const { maxBodyBytes, maxPendingBytes } = parseServerOptions(["--model-repository", "."], environment);
      assert.deepEqual([maxBodyBytes, maxPendingBytes], [body, pending]);
    });
  }

  it("leaves what large models take out of what requests may take", () => {
    const memory = (memoryLimit: string, modelBytes: number) => {
      const settings = { drainDelay: 5, drainTimeout: 25, memoryLimit, modelBytes, options: {} };
      const options = parseServerOptions(["--model-repository", "."], serverEnvironment(settings));
      return [options.maxBodyBytes, options.maxPendingBytes];
    };
    assert.deepEqual(memory("5Gi", 4 * 2 ** 30), memory("1Gi", 0));
    // Nearly all of it: something must be left, or no request would ever be taken.
    assert.deepEqual(memory("1Gi", 2 ** 30 - 1), memory("64Mi", 0));
  });

  it("takes the server's options but those that the component sets for itself, and no others", () => {
    const taken = Object.keys(SERVER_OPTIONS).filter((option) => optionProblem(option) === undefined);
    assert.deepEqual(taken, [...TUNABLE_OPTIONS]);
    assert.equal(optionProblem("max-queue-size"), undefined);
    for (const wrong of ["httpPort", "http-port", "maxQueSize", "Max Queue"]) {
      assert.equal(optionProblem(wrong), `"${wrong}" must be one of ${TUNABLE_OPTIONS.join(", ")}`);
    }
  });
});
