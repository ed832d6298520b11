import type { Field } from "../../model/field";
import { picksListener } from "../../model/redirects";
import { Declared, namespacesOfMadeRoutes, operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import { describeSubject, namespaceOf, type Subject } from "../../model/subject";
import type { Verdict } from "../../model/verdict";

const GATEWAY_API = "gateway.networking.k8s.io";

type Kinds = readonly (readonly [group: string, ...kinds: string[]])[];

/** What is attached by `targetRefs`, in its own namespace. */
const POLICIES: Kinds = [
  [
    "gateway.envoyproxy.io",
    "SecurityPolicy",
    "ClientTrafficPolicy",
    "BackendTrafficPolicy",
    "EnvoyExtensionPolicy",
    "EnvoyPatchPolicy",
  ],
  [GATEWAY_API, "BackendTLSPolicy"],
  ["gateway.networking.x-k8s.io", "XBackendTrafficPolicy"],
];

/** What is attached to gateways, in any namespace. */
const CHILDREN: Kinds = [
  [GATEWAY_API, "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute", "ListenerSet"],
  ["gateway.networking.x-k8s.io", "XListenerSet"],
];

/** Where a kind keeps the parts that `sectionName` names. */
const SECTIONS: Readonly<Record<string, string>> = {
  Gateway: "listeners",
  ListenerSet: "listeners",
  XListenerSet: "listeners",
  HTTPRoute: "rules",
  GRPCRoute: "rules",
  TCPRoute: "rules",
  TLSRoute: "rules",
  UDPRoute: "rules",
  Service: "ports",
};

/** The references of a subject, by the older single field too. @throws UnknownRead */
function references({ fields }: Subject): Field[] {
  const spec = fields.get("spec");
  const single = [spec.get("targetRef"), spec.get("parentRef")].filter((one) => one.exists());
  return [...spec.get("targetRefs").items(), ...spec.get("parentRefs").items(), ...single];
}

function typesOf(kinds: Kinds): string[] {
  return kinds.flatMap(([group, ...names]) => names.map((kind) => `kubernetes:${group}/*:${kind}`));
}

function subjects(stack: StackView): Subject[] {
  return [...POLICIES, ...CHILDREN].flatMap(([group, ...kinds]) => stack.ofKind(group, ...kinds));
}

/** Whether the target has the part that a reference names. @throws UnknownRead */
function hasSection(target: Subject, kind: string, reference: Field): boolean {
  const part = SECTIONS[kind];
  if (part === undefined) return true;
  if (!reference.get("sectionName").exists() && !reference.get("port").exists()) return true;
  return target.fields
    .get("spec", part)
    .items()
    .some((section) => picksListener(reference, section));
}

/** @throws UnknownRead */
function judgeSection(
  verdict: Verdict,
  subject: Subject,
  targets: readonly Subject[],
  kind: string,
  reference: Field,
): void {
  if (targets.some((target) => hasSection(target, kind, reference))) return;
  const [section, port] = [reference.get("sectionName"), reference.get("port")];
  const missing = section.exists() ? `\`${section.show()}\`` : `port ${port.show()}`;
  verdict.fail(subject, `attaches to ${missing} of ${describeSubject(targets[0]!)}, which has no such part.`);
}

/** Judges references by what a stack declares. */
class Attachments {
  /** Of each kind that something refers to. */
  private readonly declared = new Map<string, Declared>();
  private readonly madeServices: ReadonlySet<string>;
  private readonly madeRoutes: ReadonlySet<string>;

  constructor(
    private readonly stack: StackView,
    private readonly verdict: Verdict,
  ) {
    this.madeServices = operatedNamespaces(stack);
    this.madeRoutes = namespacesOfMadeRoutes(stack);
  }

  /** @throws UnknownRead */
  judge(subject: Subject, reference: Field): void {
    const group = reference.get("group").string() ?? GATEWAY_API;
    const kind = reference.get("kind").string() ?? "Gateway";
    const namespace = reference.get("namespace").string() ?? namespaceOf(subject);
    const name = reference.get("name").string();
    const made = group === "" ? this.madeServices : this.madeRoutes;
    if (name === undefined || made.has(namespace)) return;
    const declared = this.ofKind(group, kind);
    const presence = declared.has(namespace, name);
    const target = `the ${kind} \`${namespace}/${name}\``;
    if (presence === "there")
      judgeSection(this.verdict, subject, declared.named(namespace, name), kind, reference);
    else if (presence === "unknown")
      this.verdict.indeterminate(
        subject,
        `attaches to ${target}, which may have a name that is not known yet.`,
      );
    else if (presence === "missing")
      this.verdict.fail(subject, `attaches to ${target}, which the stack does not declare.`);
  }

  private ofKind(group: string, kind: string): Declared {
    const key = `${group}/${kind}`;
    const known = this.declared.get(key) ?? new Declared(this.stack, group, kind);
    this.declared.set(key, known);
    return known;
  }
}

export const attachmentExists: StackRule = {
  id: "attachment-exists",
  title: "Policies and routes attach to what is there",
  severity: "medium",
  description:
    "A policy for a route, gateway, Service or section of another name is accepted and protects nothing: no limit, no authentication, no verification. Judged where the stack declares others of the kind in that namespace, and nothing there that makes some.",
  remediation: "targetRefs: [{ group, kind, name: route.metadata.name }]",
  types: [...typesOf(POLICIES), ...typesOf(CHILDREN)],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const attachments = new Attachments(stack, verdict);
    for (const subject of subjects(stack))
      verdict.judge(subject, () => {
        for (const reference of references(subject))
          verdict.judge(subject, () => attachments.judge(subject, reference));
      });
  },
};
