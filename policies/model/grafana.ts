import type { Field } from "./field";
import { HELM_TYPES } from "./helm";
import { containersOf, POD_TYPES, podTemplatesOf } from "./pods";
import { kubernetesKind, type Subject } from "./subject";

/** Where Grafana is configured: its operator's resource, a Helm release, or a container of it. */
export const GRAFANA_TYPES = ["kubernetes:grafana.integreatly.org/*:Grafana", ...HELM_TYPES, ...POD_TYPES];

/** Every object with sections as `grafana.ini` has them. @throws UnknownRead */
export function configurationsOf(subject: Subject): Field[] {
  const kind = kubernetesKind(subject.type);
  if (kind?.kind === "Grafana") return [subject.fields.get("spec", "config")];
  if (!subject.type.startsWith("kubernetes:helm.sh/")) return [];
  const values = subject.fields.get("values");
  return [values.get("grafana.ini"), values.get("grafana", "grafana.ini")];
}

/** Containers of Grafana, by their image's name. @throws UnknownRead */
export function grafanaContainers(subject: Subject): Field[] {
  return podTemplatesOf(subject)
    .map((template) => template.get("spec"))
    .filter((spec) => spec.exists())
    .flatMap(containersOf)
    .filter((container) =>
      /(?:^|\/)grafana(?:-(?:oss|enterprise))?(?:[:@]|$)/.test(container.get("image").string() ?? ""),
    );
}

/** A variable of a container's environment. @throws UnknownRead */
export function variable(container: Field, name: string): Field | undefined {
  return container
    .get("env")
    .items()
    .find((entry) => entry.get("name").string() === name);
}
