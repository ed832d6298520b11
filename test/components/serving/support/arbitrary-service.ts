import * as fc from "fast-check";
import type { ServiceScaling, ServiceSettings } from "../../../../components";

/** What leaves a service as it is by being left out. */
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const labelKey = fc.oneof(
  name,
  fc.tuple(name, name).map(([prefix, key]) => `${prefix}.example/${key}`),
);
const labelValue = fc.stringMatching(/^([A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?)?$/);
const labels = fc.dictionary(labelKey, labelValue, { maxKeys: 3, noNullPrototype: true });

/** A request and a limit that is not below it. */
const ordered = (most: number, text: (value: number) => string) =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 0, max: most }))
    .map(([request, more]) => [text(request), text(request + more)] as const);

const nodeRequirement = fc.oneof(
  fc.record({
    key: labelKey,
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.array(labelValue, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key: labelKey, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
  fc.record({
    key: labelKey,
    operator: fc.constantFrom("Gt" as const, "Lt" as const),
    values: fc.nat().map((value) => [String(value)]),
  }),
);

const toleration = fc.oneof(
  fc.record({ key: labelKey, operator: fc.constant("Exists"), effect: maybe(fc.constant("NoSchedule")) }),
  fc.record({ key: labelKey, operator: fc.constant("Equal"), value: labelValue }),
);

const onCpu: fc.Arbitrary<ServiceScaling> = fc.record(
  {
    on: fc.constant("cpu" as const),
    targetPercent: fc.integer({ min: 1, max: 100 }),
    scaleDownDelay: fc.integer({ min: 0, max: 3600 }),
  },
  { requiredKeys: ["on"] },
);

const requests = {
  on: fc.constantFrom("queueDepth" as const, "concurrency" as const),
  target: fc.integer({ min: 1, max: 1_000_000_000 }).map((milli) => milli / 1000),
};

const byAdapter: fc.Arbitrary<ServiceScaling> = fc.record({
  ...requests,
  via: fc.constant("prometheus-adapter" as const),
});

const byKeda = (replicas: number, maxReplicas: number): fc.Arbitrary<ServiceScaling> =>
  fc.record(
    {
      ...requests,
      via: fc.constant("keda" as const),
      fallbackReplicas: fc.integer({ min: 1, max: maxReplicas }),
      ...(replicas === 0
        ? {
            cooldown: fc.integer({ min: 0, max: 86_400 }),
            activationThreshold: fc.integer({ min: 0, max: 1000 }),
          }
        : {}),
    },
    { requiredKeys: ["on", "target", "via"] },
  );

/** How many pods, and what their number follows. */
const replicas = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 }))
  .chain(([least, more]) => {
    const most = least + more;
    const kinds = least === 0 ? [byKeda(0, most)] : [onCpu, byAdapter, byKeda(least, most)];
    return fc.record({
      replicas: fc.constant(least),
      maxReplicas: fc.constant(most),
      scaling: least === 0 ? byKeda(0, most) : maybe(fc.oneof(...kinds)),
    });
  });

const sizes = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 1, max: 200 }).map((gib) => ({ modelSize: `${gib}Gi` })),
  fc.tuple(ordered(64_000, (mebi) => `${mebi + 1}Mi`)).map(([[memoryRequest, memoryLimit]]) => ({
    modelSize: "1Mi",
    memoryRequest,
    memoryLimit,
  })),
);

const times = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 600 }))
  .map(([drainDelay, more]) => ({ drainDelay, drainTimeout: drainDelay + more }));

/** Settings of a service that nothing is wrong with. */
export const arbitraryService: fc.Arbitrary<ServiceSettings> = fc
  .tuple(
    replicas,
    sizes,
    times,
    ordered(64_000, (milli) => `${milli}m`),
    fc.record(
      {
        gpus: fc.integer({ min: 0, max: 8 }),
        startupTimeout: fc.integer({ min: 1, max: 3600 }),
        recommendResources: fc.boolean(),
        spread: fc.constantFrom("preferred" as const, "required" as const),
        nodeSelector: labels,
        podLabels: labels,
        podAnnotations: labels,
        nodeRequirements: fc.array(nodeRequirement, { maxLength: 3 }),
        tolerations: fc.array(toleration, { maxLength: 3 }),
        priorityClassName: name,
        imagePullSecrets: fc.array(name, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([scale, size, time, [cpuRequest, cpuLimit], rest]) => ({
    ...scale,
    ...size,
    ...time,
    cpuRequest,
    cpuLimit,
    ...rest,
  }));

const notWhole = fc.double({ noInteger: true, noNaN: true, min: 0.1, max: 100 });

/** One thing that is wrong with a service whatever else it says, and where. */
export const arbitraryMistake: fc.Arbitrary<[path: string, change: object]> = fc.oneof(
  fc
    .oneof(fc.integer({ max: -1 }), notWhole)
    .map((value): [string, object] => ["replicas", { replicas: value }]),
  notWhole.map((value): [string, object] => ["maxReplicas", { maxReplicas: value }]),
  fc.oneof(fc.integer({ max: -1 }), notWhole).map((value): [string, object] => ["gpus", { gpus: value }]),
  fc
    .oneof(fc.integer({ max: 0 }), fc.integer({ min: 86_401 }), notWhole)
    .map((value): [string, object] => ["startupTimeout", { startupTimeout: value }]),
  fc
    .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 600 }))
    .map(([more, drainTimeout]): [string, object] => [
      "drainTimeout",
      { drainDelay: drainTimeout + more, drainTimeout },
    ]),
  fc
    .constantFrom("cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit")
    .chain((field) =>
      fc
        .constantFrom("", "0", "many", "-1", "1 Gi", "1e3", "Infinity")
        .map((value): [string, object] => [field, { [field]: value }]),
    ),
  fc
    .integer({ min: 2, max: 64 })
    .map((gib): [string, object] => [
      "memoryRequest",
      { memoryRequest: `${gib}Gi`, memoryLimit: `${gib - 1}Gi` },
    ]),
  fc
    .stringMatching(/^[ /:@]{1,5}$/)
    .map((key): [string, object] => [`podLabels["${key}"]`, { podLabels: { [key]: "x" } }]),
  fc
    .stringMatching(/^[-_.][a-z]{0,5}$/)
    .map((value): [string, object] => [`nodeSelector["a"]`, { nodeSelector: { a: value } }]),
  fc
    .constantFrom("", "A", "a b", "-a", "a..b")
    .map((value): [string, object] => ["priorityClassName", { priorityClassName: value }]),
  fc
    .constantFrom("In", "NotIn", "Gt", "Lt")
    .map((operator): [string, object] => [
      "nodeRequirements[0].values",
      { nodeRequirements: [{ key: "a", operator, values: [] }] },
    ]),
  fc
    .oneof(fc.integer({ max: 0 }), fc.integer({ min: 1_000_001 }), fc.constant(NaN))
    .map((target): [string, object] => [
      "scaling.target",
      { scaling: { on: "queueDepth", via: "keda", target } },
    ]),
  fc
    .string()
    .filter((on) => !["cpu", "queueDepth", "concurrency"].includes(on))
    .map((on): [string, object] => ["scaling.on", { scaling: { on } }]),
);
