import { defaultAdministrator } from "../../../../policies/rules/access/default-administrator";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, server, set } from "../../support/edits";

const values = (given: unknown) =>
  put("release", "kubernetes:helm.sh/v3:Release", { chart: "tool", version: "1.0.0", values: given });

const file = (key: string, text: unknown) => set("configMap", ["data", key], text);

const of = (type: string, spec: unknown) =>
  put("tool", `kubernetes:${type}`, { metadata: { name: "tool", namespace: "team" }, spec });

const argo = (role: unknown) => values({ configs: { rbac: { "policy.default": role, "policy.csv": "" } } });

const variable = (name: string, value: unknown) => set("deployment", server("env.1"), { name, value });

describeRule(defaultAdministrator, {
  good: {
    "no role": argo(""),
    "a reader": argo("role:readonly"),
    "Grafana's viewers": values({ "grafana.ini": { users: { auto_assign_org_role: "Viewer" } } }),
    "Grafana's roles by their groups": values({
      "grafana.ini": {
        "auth.generic_oauth": { role_attribute_path: "contains(groups[*], 'ops') && 'Admin' || 'Viewer'" },
      },
    }),
    "Jenkins' matrix": file("jenkins.yaml", 'globalMatrix:\n  permissions: ["Overall/Administer:ops"]'),
    "a file about something else": file("notes", "AUTH_ROLE_PUBLIC is not set"),
    "another variable": variable("GF_USERS_AUTO_ASSIGN_ORG_ROLE", "Editor"),
    "a value of another name, not known yet": values({ host: UNKNOWN }),
  },
  bad: {
    "Argo CD": argo("role:admin"),
    "Argo CD as a part": values({
      "argo-cd": { server: { rbacConfig: { "policy.default": "role:admin" } } },
    }),
    "Argo CD's ConfigMap": file("policy.default", "role:admin"),
    "Argo CD's operator": of("argoproj.io/v1beta1:ArgoCD", { rbac: { defaultPolicy: "role:admin" } }),
    "Argo Workflows": values({ server: { authModes: ["sso", "server"] } }),
    Grafana: values({ "grafana.ini": { users: { auto_assign_org_role: "Admin" } } }),
    "Grafana's login": values({ "grafana.ini": { "auth.google": { role_attribute_path: "'Admin'" } } }),
    "Grafana's operator": of("grafana.integreatly.org/v1beta1:Grafana", {
      config: { users: { auto_assign_org_role: "Admin" } },
    }),
    "Grafana's file": file("grafana.ini", "[users]\nauto_assign_org_role = Admin\n"),
    "Grafana's variable": variable("GF_USERS_AUTO_ASSIGN_ORG_ROLE", "Admin"),
    Airflow: values({ webserver: { webserverConfig: "AUTH_ROLE_PUBLIC = 'Admin'\n" } }),
    "Airflow's variable": variable("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True"),
    Jenkins: values({
      controller: { JCasC: { configScripts: { all: "authorizationStrategy: unsecured" } } },
    }),
    "Jenkins' matrix": file("jenkins.yaml", 'permissions: ["Overall/Administer:authenticated"]'),
    JupyterHub: values({ hub: { config: { JupyterHub: { authenticator_class: "dummy" } } } }),
    Kiali: of("kiali.io/v1alpha1:Kiali", { auth: { strategy: "anonymous" } }),
    MLflow: file("basic_auth.ini", "[mlflow]\ndefault_permission = MANAGE\n"),
    "MLflow's chart": values({ auth: { enabled: true, defaultPermission: "MANAGE" } }),
  },
  partial: {
    "with others' roles": values({
      configs: { rbac: { "policy.default": "role:admin", "policy.csv": "g, oidc:deployers, role:deployer" } },
    }),
  },
  notJudged: { "a list": argo(["role:admin"]), text: values("policy.default: role:admin") },
  unknown: {
    values: values(UNKNOWN),
    role: argo(UNKNOWN),
    variable: variable("GF_USERS_AUTO_ASSIGN_ORG_ROLE", UNKNOWN),
    data: set("configMap", "data", UNKNOWN),
  },
});
