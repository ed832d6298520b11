import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { parse } from "yaml";
import { proxyTelemetry } from "../../../components/internal/proxy-telemetry";
import { createAccessLog } from "../../../runtime/access-log";

const PAGE = readFileSync(join(__dirname, "../../../docs/logs.md"), "utf8");
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

/** The example in a language. */
function example(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(PAGE) ?? [];
  assert.ok(text, language);
  return text;
}

/** Fields of the lines that gateway and server write per request. */
function written(): Set<string> {
  const receiver = { serviceName: "telemetry", grpcPort: 4317 };
  const gateway = proxyTelemetry({ receiver, samplePercent: 1 }).accessLog.settings[0]!.format.json;
  let line = "";
  const log = createAccessLog(true, pino({}, { write: (text) => (line = text) }))!;
  const ids = { requestId: "r", trace_id: TRACE, span_id: "00f067aa0ba902b7" };
  log({
    transport: "rest",
    method: "POST",
    path: "/v2",
    status: 200,
    ids,
    started: performance.now(),
    subject: "ana",
  });
  // Failures say of which model they are.
  return new Set([...Object.keys(gateway), ...Object.keys(JSON.parse(line) as object), "model", "version"]);
}

describe("docs/logs.md", () => {
  it("has examples that take out of lines what stands there", () => {
    const [, expressions] = /expressions = \{([^}]*)\}/.exec(example("hcl"))!;
    const fields = [...expressions!.matchAll(/(\w+) = ""/g)].map(([, name]) => name!);
    assert.ok(fields.length > 4);
    for (const field of fields) assert.ok(written().has(field), field);
    for (const [, labels] of example("hcl").matchAll(
      /(?:labels|structured_metadata) \{ values = \{([^}]*)\}/g,
    ))
      for (const [, name] of labels!.matchAll(/(\w+) = ""/g)) assert.ok(fields.includes(name!), name);
  });

  it("has an index template that is JSON, of fields that lines have", () => {
    const [request, ...lines] = example("json").split("\n");
    assert.match(request!, /^PUT _index_template\//);
    const { template, index_patterns } = JSON.parse(lines.join("\n")) as {
      index_patterns: string[];
      template: { mappings: { properties: object } };
    };
    const of = (name: string) =>
      name === "@timestamp" || name.startsWith("kubernetes.") || written().has(name);
    for (const name of Object.keys(template.mappings.properties)) assert.ok(of(name), name);
    const [, index] = /^\s+Index\s+(\S+)$/m.exec(example("ini"))!;
    assert.ok(index!.startsWith(index_patterns[0]!.replace("*", "")));
    const { sinks } = parse(example("yaml")) as { sinks: { elasticsearch: { data_stream: object } } };
    const { type, dataset, namespace } = sinks.elasticsearch.data_stream as Record<string, string>;
    assert.equal(`${type}-${dataset}-${namespace}`, index);
  });

  it("has transforms whose inputs and outputs are there", () => {
    const { sources, transforms, sinks } = parse(example("yaml")) as Record<
      string,
      Record<string, { inputs?: string[] }>
    >;
    const steps = { ...sources, ...transforms };
    for (const { inputs } of Object.values({ ...transforms, ...sinks }))
      for (const input of inputs!) assert.ok(input in steps, input);
    const blocks = [...example("hcl").matchAll(/^([a-z]+(?:\.[a-z]+)+) "(\w+)"/gm)].map(
      ([, kind, name]) => `${kind}.${name}`,
    );
    for (const [, used] of example("hcl").matchAll(/= (?:\[)?((?:discovery|loki)\.[\w.]+)/g))
      assert.ok(
        blocks.some((block) => used!.startsWith(`${block}.`)),
        used,
      );
  });

  it("finds the trace in the gateway's lines", () => {
    const [, expression] = /expression = "(.*)"/.exec(example("hcl"))!;
    const { trace_id } = new RegExp(expression!.replace("(?P<", "(?<")).exec(TRACEPARENT)!.groups!;
    assert.equal(trace_id, TRACE);
    assert.ok(example("yaml").includes('split(string!(.traceparent), "-")[1]'));
    assert.equal(TRACEPARENT.split("-")[1], TRACE);
  });

  it("says what has not been run", () => assert.match(PAGE, /none of the three shippers has been run/));
});
