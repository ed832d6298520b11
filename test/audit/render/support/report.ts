import type { AuditReport, FindingState, ReportedFinding, ReportedRule } from "../../../../audit/report";
import { STATES } from "../../../../audit/render/order";
import { isUnjudged } from "../../../../audit/unjudged";
import type { Control } from "../../../../policies/model/controls";

const PROJECT = "platform";
const STACK = "prod";

export const urnOf = (type: string, name: string) => `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;

export const cis = (id: string, title: string): Control => ({
  framework: "CIS Kubernetes Benchmark",
  version: "2.0.1",
  id,
  title,
  source: "Prowler 5.46.0 (PyPI), prowler/compliance/kubernetes/cis_2.0.1_kubernetes.json",
});

export const pss = (title: string): Control => ({
  framework: "Pod Security Standards",
  version: "v1.34",
  id: `restricted: ${title}`,
  title,
  source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
});

export const rule = (id: string, more: Partial<ReportedRule> = {}): ReportedRule => ({
  id,
  title: `Title of ${id}`,
  severity: "high",
  enforcement: "mandatory",
  description: `Why \`${id}\` is there.`,
  remediation: "spec: { mended: true }",
  types: ["kubernetes:apps/*:Deployment"],
  controls: [],
  waivable: true,
  ...more,
});

const DIGEST = "0123456789abcdef".repeat(4);

/** Sums and coverage follow from the findings, as the collector makes them. */
export function reportOf(parts: Partial<AuditReport>): AuditReport {
  const findings = parts.findings ?? [];
  const rules = parts.rules ?? [];
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const mandatory = new Set(
    rules.filter(({ enforcement }) => enforcement === "mandatory").map(({ id }) => id),
  );
  return {
    schemaVersion: "1.1",
    asOf: "2026-11-21",
    subject: { project: PROJECT, stack: STACK, mode: "preview" },
    pack: { name: "slipway", version: "0.1.0", sha256: DIGEST },
    profiles: ["baseline"],
    terms: { maxWaiverDays: 180, failOnIndeterminate: false },
    inputs: [
      { kind: "events", name: "events.json", sha256: DIGEST },
      { kind: "waivers", name: "waivers.yaml", sha256: DIGEST },
    ],
    rules,
    resources: [],
    findings,
    frameworks: coverageOf(rules, findings),
    summary: {
      pass: count("pass"),
      fail: count("fail"),
      "not-applicable": count("not-applicable"),
      indeterminate: count("indeterminate"),
      waived: count("waived"),
      mandatoryFailures: findings.filter((one) => one.state === "fail" && mandatory.has(one.rule)).length,
      mandatoryIndeterminate: findings.filter(
        (one) => one.state === "indeterminate" && mandatory.has(one.rule),
      ).length,
      mandatoryUnjudged: findings.filter((one) => isUnjudged(one) && mandatory.has(one.rule)).length,
    },
    ...parts,
  };
}

function coverageOf(rules: readonly ReportedRule[], findings: readonly ReportedFinding[]) {
  const worst = new Map<string, FindingState>();
  for (const { rule: id, state } of findings) {
    const known = worst.get(id);
    if (!known || STATES.indexOf(state) < STATES.indexOf(known)) worst.set(id, state);
  }
  const frameworks = new Map<string, Map<string, { control: Control; rules: string[] }>>();
  for (const { id, controls } of rules) {
    for (const control of controls) {
      const key = `${control.framework}\n${control.version}`;
      const known = frameworks.get(key) ?? new Map<string, { control: Control; rules: string[] }>();
      const entry = known.get(control.id) ?? { control, rules: [] };
      entry.rules.push(id);
      known.set(control.id, entry);
      frameworks.set(key, known);
    }
  }
  return [...frameworks.values()].map((controls) => {
    const first = [...controls.values()][0]!.control;
    return {
      framework: first.framework,
      version: first.version,
      controls: [...controls.values()].map(({ control, rules: ids }) => ({
        id: control.id,
        title: control.title,
        rules: ids,
        state:
          STATES.find((state) => ids.some((id) => worst.get(id) === state)) ?? ("not-applicable" as const),
      })),
    };
  });
}

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const deployment = (name: string) => urnOf(DEPLOYMENT, name);

/** A report with everything that one can have, small enough to be read. */
export const SAMPLE: AuditReport = reportOf({
  rules: [
    rule("container-privileged", {
      title: "Containers are not privileged",
      severity: "critical",
      description: "A `privileged` container is root on its node.",
      remediation: "securityContext: { privileged: false } // or leave it out",
      controls: [
        pss("Privileged Containers"),
        cis("5.2.2", "Minimize the admission of privileged containers"),
      ],
      waivable: false,
    }),
    rule("container-memory-limit", {
      title: "Containers have a memory limit",
      severity: "medium",
      enforcement: "advisory",
      parameters: { most: "2Gi" },
      description: "A leak in a container without a limit takes its node's other pods with it.",
      remediation: 'resources: {\n  limits: { memory: "512Mi" },\n}',
      controls: [cis("5.7.3", "Apply Security Context to Your Pods and Containers")],
    }),
    rule("service-node-port", {
      title: "Services open no port of the nodes",
      controls: [cis("5.3.2", "Ensure that all Namespaces have Network Policies defined")],
    }),
    rule("rbac-wildcard", { title: "Roles name what they allow", severity: "low", enforcement: "advisory" }),
    rule("pod-host-namespaces", { title: "Pods share no namespace of the node", enforcement: "remediate" }),
    rule("namespace-default-deny", { title: "Namespaces deny by default" }),
  ],
  resources: [
    {
      urn: deployment("fraud"),
      type: DEPLOYMENT,
      name: "fraud",
      component: "slipway:index:InferenceService fraud",
      source: { file: "stacks/main.ts", line: 42, column: 7 },
    },
    {
      urn: deployment("churn"),
      type: DEPLOYMENT,
      name: "churn",
      source: { file: "stacks/models/churn service.ts", line: 3 },
    },
    {
      urn: urnOf("kubernetes:core/v1:Service", "fraud"),
      type: "kubernetes:core/v1:Service",
      name: "fraud",
      component: "slipway:index:InferenceService fraud",
    },
  ],
  findings: [
    {
      rule: "container-memory-limit",
      resource: deployment("churn"),
      state: "fail",
      messages: ["must set `resources.limits.memory` of container `server`."],
    },
    {
      rule: "container-memory-limit",
      resource: deployment("fraud"),
      state: "waived",
      messages: ["must set `resources.limits.memory` of container `server`."],
      waiver: {
        owner: "ml-platform@example.com",
        reason: "The model's size is not known yet.",
        ticket: "OPS-17",
        expires: "2026-12-31",
        line: 4,
      },
    },
    {
      rule: "container-privileged",
      resource: deployment("churn"),
      state: "fail",
      messages: [
        "must not set `securityContext.privileged` of container `server`.",
        "must not set `securityContext.privileged` of container `init`.",
      ],
    },
    { rule: "container-privileged", resource: deployment("fraud"), state: "pass", messages: [] },
    {
      rule: "namespace-default-deny",
      resource: deployment("fraud"),
      state: "indeterminate",
      messages: ["`metadata.namespace` is not known before the update."],
    },
    {
      rule: "pod-host-namespaces",
      resource: deployment("fraud"),
      state: "pass",
      messages: [],
      remediated: [{ path: "spec.template.spec.hostNetwork", before: true, after: false }],
    },
    {
      rule: "service-node-port",
      resource: urnOf("kubernetes:core/v1:Service", "fraud"),
      state: "not-applicable",
      messages: ["The service is of type ExternalName."],
    },
  ],
  waiverProblems: [{ line: 12, message: "the waiver of `rbac-wildcard` expired on 2026-10-01" }],
  signature: { algorithm: "Ed25519", keyId: `sha256:${DIGEST}`, value: "c2lnbmVk" },
});

/** A report whose mandatory rule could not be judged, for the reason given. */
export const unknownReport = (reason: string, more: Partial<AuditReport> = {}): AuditReport =>
  reportOf({
    rules: [rule("a-rule"), rule("b-rule", { enforcement: "advisory" })],
    findings: ["a-rule", "b-rule"].map((id) => ({
      rule: id,
      resource: deployment("fraud"),
      state: "indeterminate",
      messages: [reason],
    })),
    ...more,
  });

/** Terms under which what is not known fails the audit. */
export const STRICT = { maxWaiverDays: 180, failOnIndeterminate: true } as const;

/** Names that have broken reports before. */
export const HOSTILE: Readonly<Record<string, string>> = {
  "a script": '</script><script>alert("1")</script>',
  "an event handler": '"><img src=x onerror=alert(1)>',
  "a comment": "<!-- --> ]]> <![CDATA[",
  "a table's end": "a | b |\n|---|\n| c",
  "a fence": "``` `` `\n```",
  "a link": "[click](https://evil.example) <https://evil.example> www.evil.example a@evil.example",
  "a mention": "@octocat and #1 and GH-1 and octo/cat#2",
  "an image": "![x](https://evil.example/x.png)",
  "a heading": "\n# Passed\n\n---\n- [x] all",
  "an end of details": "</details></summary><h1>",
  placeholders: "{0} {{1}} %s ${x} \\u0041 \\[x](y)",
  "a right-to-left override": "a\u202etxt.exe\u2066b",
  "null bytes": "a\u0000b\u0008\u001b[31mc",
  "half a character": "a\ud800b\udc00",
  noncharacters: "a\uffffb\ufffe\ufeff",
  "line separators": "a\u2028b\u2029c\u0085d",
  emoji: "🚢 👩‍👩‍👧 é e\u0301",
  entities: "&lt;b&gt; &amp;amp; &#x3c;",
  "nothing to see": " \u200b ",
  nothing: "",
  "a prototype": "__proto__",
  long: "x".repeat(20_000),
};

/** A report in which a text stands wherever the program or its author can put one. */
export function reportNaming(text: string): AuditReport {
  const urn = urnOf(DEPLOYMENT, text);
  const said = [`container \`${text}\` must not be. ${text}`];
  const waiver = { owner: text, reason: text, ticket: text, expires: "2026-12-31", line: 1 };
  return reportOf({
    subject: { project: text, stack: text, mode: "state" },
    rules: [
      rule("a-rule", {
        title: text,
        description: text,
        remediation: text,
        parameters: { [text]: text },
        controls: [{ framework: text, version: "1", id: text, title: text, source: text }],
      }),
      rule("b-rule"),
      rule("c-rule"),
      rule("d-rule"),
      rule("e-rule"),
    ],
    resources: [
      { urn, type: DEPLOYMENT, name: text, component: text, source: { file: text, line: 1, column: 2 } },
    ],
    findings: [
      { rule: "a-rule", resource: urn, state: "fail", messages: said },
      { rule: "b-rule", resource: urn, state: "waived", messages: said, waiver },
      { rule: "c-rule", resource: urn, state: "indeterminate", messages: said },
      { rule: "d-rule", resource: urn, state: "not-applicable", messages: said },
      {
        rule: "e-rule",
        resource: urn,
        state: "pass",
        messages: [],
        remediated: [{ path: text, before: text, after: undefined }],
      },
    ],
    profiles: [text],
    inputs: [{ kind: text, name: text, sha256: DIGEST }],
    waiverProblems: [{ line: 1, message: text }],
  });
}

const SEVERITIES = ["critical", "high", "medium", "low"] as const;

/** `resources` × 20 findings of `rules` rules, most of them good. */
export function largeReport(resources: number, rules: number): AuditReport {
  const all = Array.from({ length: rules }, (_, i) =>
    rule(`rule-${String(i).padStart(3, "0")}`, {
      title: `Rule number ${i} holds`,
      severity: SEVERITIES[i % 4]!,
      enforcement: i % 3 === 0 ? "advisory" : "mandatory",
      controls: [
        cis(`5.${i % 9}.${i % 7}`, `Recommendation ${i % 63}`),
        ...(i % 2 === 0 ? [pss(`Control ${i % 15}`)] : []),
      ],
    }),
  );
  const list = Array.from({ length: resources }, (_, i) => ({
    urn: deployment(`service-${i}`),
    type: DEPLOYMENT,
    name: `service-${i}`,
    component: `slipway:index:InferenceService model-${i % 40}`,
    source: { file: `stacks/area-${i % 20}.ts`, line: (i % 300) + 1 },
  }));
  const findings = list.flatMap(({ urn }, i) =>
    Array.from({ length: 20 }, (_, k): ReportedFinding => {
      const { id } = all[(i + k * 7) % rules]!;
      const roll = (i * 31 + k * 17) % 100;
      if (roll < 3)
        return { rule: id, resource: urn, state: "fail", messages: [`must set \`spec.of${k}\`.`] };
      if (roll < 5)
        return { rule: id, resource: urn, state: "indeterminate", messages: [`\`spec.of${k}\` is unknown.`] };
      if (roll < 20)
        return { rule: id, resource: urn, state: "not-applicable", messages: [`It has no \`of${k}\`.`] };
      return { rule: id, resource: urn, state: "pass", messages: [] };
    }),
  );
  findings.sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.resource < b.resource ? -1 : 1));
  return reportOf({ rules: all, resources: list, findings });
}
