import assert from "node:assert";
import { optionProblem, serverEnvironment, variableOf } from "../../../components/internal/server-options";
import { parseServerOptions, SERVER_OPTIONS } from "../../../runtime/options";
import { variableOf as variableOfServer } from "../../../runtime/option-table";

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
      options: { maxQueueSize: 7, logLevel: "warn" },
    });
    const known = new Set(Object.keys(SERVER_OPTIONS).map(variableOfServer));
    for (const variable of Object.keys(environment)) assert.ok(known.has(variable), variable);
    const options = parseServerOptions(["--model-repository", "."], environment);
    assert.equal(options.maxQueueSize, 7);
    assert.equal(options.drainDelay, 5);
    assert.equal(options.tlsCert, "/etc/slipway/tls/tls.crt");
  });

  it("keeps what the component sets for itself", () => {
    assert.equal(optionProblem("maxQueueSize"), undefined);
    assert.equal(optionProblem("httpPort"), '"httpPort" is set by the component and may not be given');
    assert.equal(optionProblem("http-port"), '"http-port" is set by the component and may not be given');
    assert.equal(
      optionProblem("Max Queue"),
      '"Max Queue" must be an option of the server, as in "maxQueueSize"',
    );
  });
});
