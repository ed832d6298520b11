import * as fc from "fast-check";
import type {
  GivenCollector,
  TelemetryExporter,
  TelemetrySignal,
} from "../../../components/observability/telemetry-settings";
import { CERTIFICATE } from "../support/callers";
import { IMAGE } from "../support/examples";
import { hostName, label } from "./arbitrary-auth";
import type { Mistake } from "./arbitrary-mistakes";

/** What a TelemetryCollector is told besides where it is. */
export type CollectorSettings = GivenCollector;

const signals = fc.constantFrom<readonly TelemetrySignal[]>(["traces"], ["logs"], ["traces", "logs"]);

const network = fc.record(
  {
    signals,
    caCertificate: fc.constant(CERTIFICATE),
    cidrs: fc.array(fc.constantFrom("10.0.0.0/8", "203.0.113.0/24"), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const headers = fc.dictionary(label(12), fc.string({ maxLength: 12 }), { maxKeys: 3, noNullPrototype: true });
const port = fc.integer({ min: 1, max: 65_535 });
/** A last label of digits would be the end of an IPv4 address. */
const named = hostName.map((host) => `${host}.example`).filter((host) => host.length <= 253);
const https = fc.tuple(named, port).map(([host, at]) => `https://${host}:${at}`);
const inside = fc.tuple(label(20), label(20), port).map(([name, ns, at]) => `http://${name}.${ns}.svc:${at}`);

const exporter: fc.Arbitrary<TelemetryExporter> = fc.oneof(
  fc
    .tuple(network, fc.oneof(https, inside), headers)
    .map(([more, endpoint, given]) => ({ ...more, kind: "otlp" as const, endpoint, headers: given })),
  fc
    .tuple(network, fc.oneof(https, inside), fc.constantFrom("", "/otlp"))
    .map(([more, base, path]) => ({ ...more, kind: "otlphttp" as const, endpoint: `${base}${path}` })),
  fc
    .tuple(network, https)
    .map(([more, endpoint]) => ({ ...more, kind: "elasticsearch" as const, endpoint, apiKey: "key" })),
  fc.record({
    kind: fc.constant("debug" as const),
    verbosity: fc.constantFrom("basic" as const, "detailed" as const),
  }),
);

const percent = fc.double({ min: 0, max: 100, noNaN: true });

/** Settings of a collector that nothing is wrong with. */
export const arbitraryCollector: fc.Arbitrary<CollectorSettings> = fc
  .tuple(
    fc.array(exporter, { minLength: 1, maxLength: 4 }),
    fc.oneof(
      fc.record({ replicas: fc.integer({ min: 1, max: 100 }) }, { requiredKeys: [] }),
      fc.record({ sampling: fc.record({ kind: fc.constant("share" as const), percent }) }),
      fc.record({
        sampling: fc.record({
          kind: fc.constant("tail" as const),
          percent,
          slowSeconds: fc.double({ min: 0.001, max: 60, noNaN: true }),
          waitSeconds: fc.integer({ min: 1, max: 300 }),
        }),
      }),
    ),
    fc.record({ memoryLimit: fc.constantFrom("256Mi", "1Gi") }, { requiredKeys: [] }),
  )
  .map(([exporters, sampling, size]) => ({ image: IMAGE, exporters, ...sampling, ...size }));

const OTLP = { kind: "otlp", endpoint: "https://a.example:4317" };
const one = (path: string, change: object): Mistake => [
  `exporters[0].${path}`,
  { exporters: [{ ...OTLP, ...change }] },
];
const notPercent = fc.constantFrom(-1, -0.001, 100.001, NaN, Infinity);

/** Mistakes in what a TelemetryCollector is told. */
export const collectorMistake: fc.Arbitrary<Mistake> = fc.oneof(
  fc.constantFrom<Mistake>(
    ["exporters", { exporters: [] }],
    ["image", { image: "otel:latest" }],
    ["memoryLimit", { memoryLimit: "1Mi", memoryRequest: "1Mi" }],
    ["sampling.kind", { replicas: 1, sampling: { kind: "head", percent: 1 } }],
    ["sampling.slowSeconds", { replicas: 1, sampling: { kind: "tail", percent: 1, slowSeconds: 0 } }],
    ["replicas", { replicas: 2, sampling: { kind: "tail", percent: 1, slowSeconds: 1 } }],
    one("kind", { kind: "zipkin" }),
    one("signals", { signals: [] }),
    one("signals[0]", { signals: ["metrics"] }),
    one("cidrs[0]", { cidrs: ["::/0"] }),
    one("headers", { headers: { "a b": "c" } }),
    [
      "exporters[0].apiKey",
      { exporters: [{ kind: "elasticsearch", endpoint: "https://a.example", apiKey: "" }] },
    ],
    ["exporters[0].verbosity", { exporters: [{ kind: "debug", verbosity: "all" }] }],
  ),
  fc
    .constantFrom(
      "",
      "a:4317",
      "http://a.example",
      "https://",
      "https://a b",
      "ftp://a",
      "https://a?b",
      "https://u@a",
    )
    .map((endpoint): Mistake => one("endpoint", { endpoint })),
  notPercent.map((wrong): Mistake => [
    "sampling.percent",
    { replicas: 1, sampling: { kind: "share", percent: wrong } },
  ]),
  fc
    .constantFrom(0, 1.5, 101, NaN)
    .map((replicas): Mistake => ["replicas", { replicas, sampling: undefined }]),
);
