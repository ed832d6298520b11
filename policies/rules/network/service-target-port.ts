import { declaredPods } from "../../model/declared-pods";
import { selectsByMap } from "../../model/labels";
import type { Field } from "../../model/field";
import type { StackRule } from "../../model/rule";
import { nameOf, namespaceOf } from "../../model/subject";

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
    const { byNamespace, open } = declaredPods(stack);
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
        const pods = (byNamespace.get(namespaceOf(service)) ?? []).filter(({ labels }) =>
          selectsByMap(spec.get("selector"), labels),
        );
        const names = new Set(pods.flatMap(({ template }) => portNames(template)));
        const missing = wanted.find((name) => !names.has(name));
        if (missing === undefined) return;
        // It may be the one that has the port.
        if (open) throw open;
        if (pods.length > 0)
          verdict.fail(
            service,
            `leads to a port \`${missing}\` that no container of its pods has (Service \`${nameOf(service)}\`).`,
          );
      });
    }
  },
};
