import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../runtime/option-table";
import { receiverOptions } from "../../../runtime/tracing/otlp";
import { modelFolder } from "../support/model-folder";

const VARIABLES = ["OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"] as const;

describe("receiverOptions", () => {
  afterEach(() => {
    for (const variable of VARIABLES) delete process.env[variable];
  });

  const file = (name: string, text: string): string => {
    const path = join(modelFolder({}), name);
    writeFileSync(path, text);
    return path;
  };

  it("adds the path of the signal, and trusts public authorities", () =>
    assert.deepEqual(receiverOptions("https://collector:4318/", "traces"), {
      url: "https://collector:4318/v1/traces",
    }));

  it("trusts the authority of the file, that of the signal first", () => {
    process.env[VARIABLES[0]] = file("all.crt", "all");
    process.env[VARIABLES[1]] = file("traces.crt", "traces");
    const authority = (signal: "traces" | "logs") =>
      receiverOptions("https://c", signal).httpAgentOptions?.ca;
    assert.deepEqual([authority("traces"), authority("logs")], ["traces", "all"]);
  });

  it("says which file cannot be read", () => {
    process.env[VARIABLES[0]] = "/nowhere/ca.crt";
    assert.throws(
      () => receiverOptions("https://c", "logs"),
      (error) =>
        error instanceof UsageError &&
        error.message ===
          "OTEL_EXPORTER_OTLP_CERTIFICATE (/nowhere/ca.crt) cannot be read: ENOENT: no such file or directory, open '/nowhere/ca.crt'; it must be a PEM file with the authority of the receiver's certificate.",
    );
  });
});
