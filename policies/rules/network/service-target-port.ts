import { groupBy } from "../../model/group-by";
import { selectsByMap } from "../../model/labels";
import { podTemplatesOf, POD_KINDS } from "../../model/pods";
import type { Field } from "../../model/field";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import { nameOf, namespaceOf, type Subject } from "../../model/subject";
import { ask, UnknownRead } from "../../model/unknown";

interface Templates {
  readonly byNamespace: ReadonlyMap<string, readonly Field[]>;
  /** Of workloads of which it is not known yet where their pods are, or what these are. */
  readonly open: readonly Subject[];
}

function templates(stack: StackView): Templates {
  const open: Subject[] = [];
  const known = POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind)).flatMap((subject) => {
    const found = ask(() => {
      const namespace = namespaceOf(subject);
      return podTemplatesOf(subject).map((template) => ({ namespace, template }));
    });
    if (!(found instanceof UnknownRead)) return found;
    open.push(subject);
    return [];
  });
  const groups = groupBy(known, ({ namespace }) => namespace);
  return {
    byNamespace: new Map(
      [...groups].map(([namespace, list]) => [namespace, list.map(({ template }) => template)]),
    ),
    open,
  };
}

const NAMED = /[a-z]/i;

/** @throws UnknownRead */
const portNames = (template: Field): string[] =>
  ["containers", "initContainers"].flatMap((list) =>
    template
      .get("spec", list)
      .items()
      .flatMap((container) => container.get("ports").items())
      .flatMap((port) => port.get("name").string() ?? []),
  );

export const serviceTargetPort: StackRule = {
  id: "service-target-port",
  title: "Services lead to a port that their pods have",
  severity: "medium",
  description:
    "A Service whose `targetPort` has a name that no container of its pods has leads nowhere, and says so to nobody. Judged where the stack declares the pods.",
  remediation:
    'ports: [{ port: 80, targetPort: "http" }] // with ports: [{ name: "http", containerPort: 8080 }] in the pod',
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const { byNamespace, open } = templates(stack);
    for (const service of stack.ofKind("", "Service")) {
      verdict.judge(service, () => {
        const spec = service.fields.get("spec");
        const wanted = spec
          .get("ports")
          .items()
          .map((port) => port.get("targetPort"))
          .flatMap((port) => port.string() ?? [])
          .filter((name) => NAMED.test(name));
        if (wanted.length === 0) return;
        const pods = (byNamespace.get(namespaceOf(service)) ?? []).filter((template) =>
          selectsByMap(spec.get("selector"), template.get("metadata", "labels").stringMap()),
        );
        if (pods.length === 0 && open[0]) throw new UnknownRead(`${open[0].name}: metadata.namespace`);
        if (pods.length === 0) return;
        const names = new Set(pods.flatMap(portNames));
        const missing = wanted.find((name) => !names.has(name));
        if (missing !== undefined)
          verdict.fail(
            service,
            `leads to a port \`${missing}\` that no container of its pods has (Service \`${nameOf(service)}\`).`,
          );
      });
    }
  },
};
