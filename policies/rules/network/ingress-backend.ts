import type { Field } from "../../model/field";
import { Declared, operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import { namespaceOf } from "../../model/subject";

/** Names of the services that an ingress leads to. @throws UnknownRead */
function backends(spec: Field): string[] {
  return [
    spec.get("defaultBackend", "service", "name"),
    ...spec.all(["rules", "*", "http", "paths", "*", "backend", "service", "name"]),
  ].flatMap((name) => name.string() ?? []);
}

export const ingressBackend: StackRule = {
  id: "ingress-backend",
  title: "Ingresses lead to a Service that is there",
  severity: "medium",
  description:
    "A path to a Service of another name answers 503 to everyone, or what somebody puts under that name later. Judged where the stack declares others in the namespace, and nothing there by which an operator makes some.",
  remediation: "backend: { service: { name: service.metadata.name, port: { number: 80 } } }",
  types: ["kubernetes:networking.k8s.io/*:Ingress"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const services = new Declared(stack, "", "Service");
    const operated = operatedNamespaces(stack);
    for (const ingress of stack.ofKind("networking.k8s.io", "Ingress")) {
      verdict.judge(ingress, () => {
        if (operated.has(namespaceOf(ingress))) return;
        for (const name of backends(ingress.fields.get("spec"))) {
          const presence = services.has(namespaceOf(ingress), name);
          if (presence === "missing")
            verdict.fail(ingress, `leads to the Service \`${name}\`, which the stack does not declare.`);
          else if (presence === "unknown")
            verdict.indeterminate(
              ingress,
              `leads to \`${name}\`, which may have a name that is not known yet.`,
            );
        }
      });
    }
  },
};
