/** A setting by which a well-known tool makes everybody an administrator: the end of its path, and the values that do. */
type Setting = readonly [path: RegExp, value: RegExp];

const SETTINGS: readonly Setting[] = [
  // Argo CD: Helm's values, the ConfigMap argocd-rbac-cm, and the operator's resource.
  [/(?:^|\.(?:rbac|rbacConfig)\.)policy\.default$/, /^role:admin$/],
  [/(?:^|\.)rbac\.defaultPolicy$/, /^role:admin$/],
  // Argo Workflows acts as its own server for whoever asks.
  [/(?:^|\.)authModes\.\d+$/, /^server$/],
  // Grafana: who logs in for the first time.
  [/(?:^|\.)users\.auto_assign_org_role$/, /^Admin$/],
  [/(?:^|\.)auth\.\w+\.role_attribute_path$/, /^\s*['"](?:Grafana)?Admin['"]\s*$/],
  // Kiali shows and changes what its own account may.
  [/(?:^|\.)auth\.strategy$/, /^anonymous$/],
  // JupyterHub lets anybody be anybody, administrators included.
  [/(?:^|\.)JupyterHub\.authenticator_class$/, /^(?:dummy|[\w.]*\.DummyAuthenticator)$/],
  // MLflow: what users may do with the experiments and models of others.
  [/(?:^|\.)auth\.defaultPermission$/, /^MANAGE$/],
];

/** The same in the files that ConfigMaps and Helm's values hold. */
const TEXTS: readonly RegExp[] = [
  // grafana.ini
  /^[ \t]*auto_assign_org_role[ \t]*=[ \t]*Admin[ \t\r]*$/m,
  // Airflow and Superset
  /^[ \t]*(?:AUTH_ROLE_PUBLIC|AUTH_USER_REGISTRATION_ROLE|PUBLIC_ROLE_LIKE)[ \t]*=[ \t]*["']Admin["']/m,
  /^[ \t]*simple_auth_manager_all_admins[ \t]*=[ \t]*true[ \t\r]*$/im,
  // MLflow
  /^[ \t]*default_permission[ \t]*=[ \t]*MANAGE[ \t\r]*$/m,
  // Jenkins
  /^[ \t]*authorizationStrategy:[ \t]*["']?unsecured["']?[ \t\r]*$/m,
  /\bOverall\/Administer:(?:anonymous|authenticated)\b/,
  // JupyterHub
  /^[ \t]*c\.JupyterHub\.authenticator_class[ \t]*=[ \t]*["'](?:dummy|[\w.]*\.DummyAuthenticator)["']/m,
  // Argo Workflows
  /^--auth-mode=server$/,
];

/** Variables of containers that say the same, of Grafana, Airflow and Kubeflow's web applications. */
const VARIABLES: Readonly<Record<string, RegExp>> = {
  GF_USERS_AUTO_ASSIGN_ORG_ROLE: /^Admin$/,
  AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: /^true$/i,
  APP_DISABLE_AUTH: /^true$/i,
};

/** Whether a setting at a path of Helm's values or of a resource could make everybody an administrator. */
export function mayMakeAdministrators(path: string): boolean {
  return SETTINGS.some(([end]) => end.test(path));
}

/** Whether it does, by its place and text, or as a file by its text alone. */
export function makesAdministrators(path: string, text: string): boolean {
  const bySetting = SETTINGS.some(([end, value]) => end.test(path) && value.test(text));
  return bySetting || TEXTS.some((pattern) => pattern.test(text));
}

/** What a variable of this name says where it makes everybody an administrator. */
export function administratorsVariable(name: string): RegExp | undefined {
  return Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
}
