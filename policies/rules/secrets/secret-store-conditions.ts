import type { Field } from "../../model/field";
import { inputRule, type Problem } from "../../model/input-rule";
import { kubernetesKind } from "../../model/subject";

/** A selector of namespaces without a condition: it selects every one. @throws UnknownRead */
function selectsAll(selector: Field): boolean {
  return (
    selector.exists() &&
    selector.get("matchLabels").entries().length === 0 &&
    selector.get("matchExpressions").items().length === 0
  );
}

/** An expression that is found in every name. */
const EVERY_NAME = /^\^?(?:\.[*+])?\$?$/;

function opensToAll(condition: Field): boolean {
  return (
    selectsAll(condition.get("namespaceSelector")) ||
    condition
      .get("namespaceRegexes")
      .strings()
      .some((text) => EVERY_NAME.test(text))
  );
}

/** Whether this is the name of an object, and not what holds several of them. */
function isReference(field: Field): boolean {
  const name = field.get("name");
  return name.isUnknown || name.exists();
}

/** References to whom the store logs in as, such as `serviceAccountRef` and `tokenSecretRef`, and what is not known yet. */
function identities(field: Field): Field[] {
  if (field.isUnknown) return [field];
  return field.all(["*"]).flatMap((child) => {
    if (!child.path.endsWith("Ref") || child.isUnknown) return identities(child);
    return isReference(child) ? [child] : child.all(["*"]);
  });
}

/** Without a namespace in its references a store logs in with what it finds beside each ExternalSecret. */
function actsForEachNamespace(provider: Field): boolean {
  const found = identities(provider);
  const ofOneNamespace = (reference: Field): boolean => reference.get("namespace").exists();
  // One that is known to be is enough, whatever the others turn out to be.
  if (found.filter((reference) => !reference.isUnknown).some(ofOneNamespace)) return false;
  return found.length > 0 && !found.some(ofOneNamespace);
}

function storeProblem(spec: Field): Problem {
  const conditions = spec.get("conditions").items();
  if (conditions.length > 0) {
    return conditions.some(opensToAll) ? "must not have a condition that every namespace meets." : undefined;
  }
  const provider = spec.get("provider");
  if (provider.get("fake").exists() || actsForEachNamespace(provider)) return undefined;
  return "must name the namespaces that may use it (`spec.conditions`).";
}

function copiesProblem(spec: Field): Problem {
  const selectors = [spec.get("namespaceSelector"), ...spec.get("namespaceSelectors").items()];
  return selectors.some(selectsAll) ? "must not copy its Secret into every namespace." : undefined;
}

export const secretStoreConditions = inputRule(
  {
    id: "secret-store-conditions",
    title: "Stores of secrets for the whole cluster say which namespaces may use them",
    severity: "high",
    description:
      "A ClusterSecretStore without conditions reads for an ExternalSecret of any namespace, with the store's own identity: whoever may write one anywhere reads everything that the store can.",
    remediation: 'spec: { conditions: [{ namespaces: ["team"] }], provider }',
    types: [
      "kubernetes:external-secrets.io/*:ClusterSecretStore",
      "kubernetes:external-secrets.io/*:ClusterExternalSecret",
    ],
    controls: [],
  },
  (fields, { type }) => {
    const spec = fields.get("spec");
    return kubernetesKind(type)?.kind === "ClusterSecretStore" ? storeProblem(spec) : copiesProblem(spec);
  },
);
