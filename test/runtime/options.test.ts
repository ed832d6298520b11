import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { ENV } from "../../runtime/contract";
import { GATE_OPTIONS } from "../../runtime/gate/gate-command";
import { LAMBDA_OPTIONS } from "../../runtime/lambda/lambda-options";
import { PULL_OPTIONS } from "../../runtime/pull/pull-command";
import { UsageError, variableOf } from "../../runtime/option-table";
import { parseServerOptions, resolveServerOptions, SERVER_OPTIONS } from "../../runtime/options";

const repository = ["--model-repository", tmpdir()];

function refusal(argv: string[], env: NodeJS.ProcessEnv = {}): string {
  try {
    parseServerOptions(argv, env);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.equal(error.exitCode, 64);
    return error.message;
  }
  throw new assert.AssertionError({ message: `${argv.join(" ")} was accepted` });
}

describe("parseServerOptions", () => {
  it("completes what is not given with the defaults and freezes the result", () => {
    const options = parseServerOptions(repository, {});
    assert.equal(options.httpPort, 8000);
    assert.equal(options.drainDelay, 0);
    assert.equal(options.strictReadiness, true);
    assert.equal(options.tlsCert, undefined);
    assert.ok(Object.isFrozen(options));
  });

  it("takes flags in both forms, and flags over the environment", () => {
    const env = { SLIPWAY_HTTP_PORT: "9000", SLIPWAY_GRPC_PORT: "9001", SLIPWAY_LOG_LEVEL: "" };
    const options = parseServerOptions([...repository, "--http-port=7000", "--metrics-port", "7002"], env);
    assert.deepEqual([options.httpPort, options.grpcPort, options.metricsPort], [7000, 9001, 7002]);
    assert.equal(options.logLevel, "info");
  });

  it("takes a boolean flag with and without a value", () => {
    assert.equal(
      parseServerOptions([...repository, "--strict-readiness", "false"], {}).strictReadiness,
      false,
    );
    assert.equal(parseServerOptions([...repository, "--strict-readiness"], {}).strictReadiness, true);
  });

  const refused: [string, string[], NodeJS.ProcessEnv, string][] = [
    [
      "an unknown flag",
      ["--prot", "1"],
      {},
      "Unknown option `--prot`; `slipway serve --help` lists those there are.",
    ],
    [
      "a port that is no number",
      ["--http-port", "abc"],
      {},
      "`--http-port` (abc) must be a whole number from 0 to 65535.",
    ],
    [
      "a port beyond the largest",
      ["--http-port", "65536"],
      {},
      "`--http-port` (65536) must be a whole number from 0 to 65535.",
    ],
    [
      "an ill variable",
      [],
      { SLIPWAY_INSTANCES: "0" },
      "`SLIPWAY_INSTANCES` (0) must be a whole number from 1 to 256.",
    ],
    [
      "a flag without its value",
      ["--http-port"],
      {},
      "`--http-port` must be followed by a whole number from 0 to 65535.",
    ],
    [
      "a choice that there is not",
      ["--log-level", "loud"],
      {},
      "`--log-level` (loud) must be one of fatal, error, warn, info, debug, trace, silent.",
    ],
    [
      "a boolean that is neither",
      ["--triton-metrics", "maybe"],
      {},
      "`--triton-metrics` (maybe) must be true or false.",
    ],
    [
      "a stray argument",
      ["models"],
      {},
      "Unexpected argument `models`; `slipway serve --help` lists the options.",
    ],
    [
      "a key without its certificate",
      ["--tls-key", "/k"],
      {},
      "`--tls-cert` and `--tls-key` must be given together.",
    ],
    [
      "metrics over TLS without a certificate",
      ["--metrics-tls", "true"],
      {},
      "`--metrics-tls` needs `--tls-cert` and `--tls-key`, whose certificate it shows.",
    ],
    [
      "a delay beyond the timeout",
      ["--drain-delay", "30"],
      {},
      "`--drain-delay` (30) must be less than `--drain-timeout` (25).",
    ],
    [
      "a body larger than what may be held",
      ["--max-pending-bytes", "4096"],
      {},
      "`--max-pending-bytes` (4096) must be >= `--max-body-bytes` (67108864).",
    ],
    [
      "two listeners on one port",
      ["--grpc-port", "8000"],
      {},
      "`--http-port` (8000), `--grpc-port` (8000) and `--metrics-port` (8002) must differ.",
    ],
    [
      "an admin port that is another one's",
      ["--admin-port", "8001"],
      {},
      "`--admin-port` (8001) must differ from the other ports (8000, 8001, 8002).",
    ],
    [
      "a JSON depth that no request fits",
      ["--max-json-depth", "4"],
      {},
      "`--max-json-depth` (4) must be a whole number from 8 to 1000.",
    ],
  ];
  for (const [what, argv, env, sentence] of refused) {
    it(`refuses ${what}`, () => assert.equal(refusal([...repository, ...argv], env), sentence));
  }

  it("refuses a missing repository and one that is not there", () => {
    assert.equal(refusal([]), "`--model-repository` (or SLIPWAY_MODEL_REPOSITORY) must be given: a path.");
    assert.equal(
      refusal(["--model-repository", "/nowhere"]),
      "`--model-repository` (/nowhere) must be an existing folder that holds `<model>/<version>/model.onnx`.",
    );
  });
});

describe("resolveServerOptions", () => {
  it("refuses unknown keys and ill values of programs", () => {
    assert.throws(
      () => resolveServerOptions({ modelRepository: "/m", port: 1 } as object),
      /Unknown option `port`/,
    );
    assert.throws(
      () => resolveServerOptions({ modelRepository: "/m", instances: 1.5 }),
      /`--instances` \(1.5\) must be/,
    );
  });
});

describe("the contract's variables", () => {
  it("are those that the options derive", () => {
    const tables = [SERVER_OPTIONS, PULL_OPTIONS, GATE_OPTIONS, LAMBDA_OPTIONS];
    const derived = new Set(tables.flatMap((table) => Object.keys(table)).map(variableOf));
    for (const variable of Object.values(ENV)) assert.ok(derived.has(variable), variable);
  });
});
