import {
  administratorsVariable,
  makesAdministrators,
  mayMakeAdministrators,
} from "../../model/default-administrators";
import { ofKind } from "../../model/by-kind";
import { leavesBelow } from "../../model/leaves";
import type { Field } from "../../model/field";
import { HELM_TYPES } from "../../model/helm";
import { eachRule } from "../../model/input-rule";
import { containersOf, POD_TYPES, podTemplatesOf } from "../../model/pods";
import { asText } from "../../model/scalars";
import { kubernetesKind, type Subject } from "../../model/subject";

/** What could be wrong: a setting, and whether the text of it is. */
interface Setting {
  readonly shown: string;
  readonly value: Field;
  readonly isWrong: (text: string) => boolean;
}

/** Every single value below. One that is not known yet is left out where nothing depends on it. */
function settingsBelow(configuration: Field): Setting[] {
  return leavesBelow(configuration)
    .filter(({ path, field }) => !field.isUnknown || mayMakeAdministrators(path))
    .map(({ path, field }) => ({
      shown: field.path,
      value: field,
      isWrong: (text) => makesAdministrators(path, text),
    }));
}

function variablesOf(subject: Subject): Setting[] {
  return podTemplatesOf(subject)
    .map((template) => template.get("spec"))
    .filter((spec) => spec.exists())
    .flatMap(containersOf)
    .flatMap((container) => container.get("env").items())
    .flatMap((variable) => {
      const name = variable.get("name");
      // A name that comes from another resource is none of those that everybody knows.
      const wrong = name.isUnknown ? undefined : administratorsVariable(name.string() ?? "");
      const found = { shown: name.show(), value: variable.get("value") };
      return wrong ? [{ ...found, isWrong: (text: string) => wrong.test(text) }] : [];
    });
}

/** Where the configuration of each kind stands, whose members have the names that the tools give them. */
const CONFIGURATIONS: Readonly<Record<string, readonly string[]>> = {
  "/ConfigMap": ["data"],
  "argoproj.io/ArgoCD": ["spec"],
  "grafana.integreatly.org/Grafana": ["spec", "config"],
  "kiali.io/Kiali": ["spec"],
};

function settingsOf(fields: Field, subject: Subject): Setting[] {
  const isHelm = kubernetesKind(subject.type)?.group === "helm.sh";
  const path = isHelm ? ["values"] : ofKind(CONFIGURATIONS, subject.type);
  if (path === undefined) return variablesOf(subject);
  const configuration = fields.get(...path);
  return configuration.exists() ? settingsBelow(configuration) : [];
}

export const defaultAdministrator = eachRule<Setting>(
  {
    id: "default-administrator",
    title: "Nobody is an administrator unless somebody made them one",
    severity: "high",
    description:
      "Where a tool's default role is its administrator's, or its strategy is to ask nobody, whoever can log in, or reach it, does with all of its deployments, dashboards or models what they like.",
    remediation:
      'configs: { rbac: { "policy.default": "", "policy.csv": "g, oidc:deployers, role:deployer" } }',
    types: [
      ...HELM_TYPES,
      "kubernetes:core/*:ConfigMap",
      "kubernetes:argoproj.io/*:ArgoCD",
      "kubernetes:grafana.integreatly.org/*:Grafana",
      "kubernetes:kiali.io/*:Kiali",
      ...POD_TYPES,
    ],
    controls: [],
  },
  settingsOf,
  ({ shown, value, isWrong }) =>
    isWrong(asText(value)) ? `must not make everybody an administrator (\`${shown}\`).` : undefined,
);
