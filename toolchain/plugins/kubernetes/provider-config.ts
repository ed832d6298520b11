import { isSecret, isUnknown, unwrap } from "../shared/values";
import type { Properties, Value } from "../shared/values";

/** The provider's options as this plugin reads them; names and defaults are the official ones. */
export interface ProviderConfig {
  /** A path, or the contents. @default what kubectl would use */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  /** Where namespaced objects go that name none. @default the context's, else "default" */
  readonly namespace?: string;
  /** @default true */
  readonly serverSideApply: boolean;
  /** Takes over fields that another manager owns. @default false */
  readonly patchForce: boolean;
  /** @default false */
  readonly configMapsMutable: boolean;
  /** @default false */
  readonly secretsMutable: boolean;
  /** @default false */
  readonly suppressDeprecationWarnings: boolean;
  /** Resources of a cluster that does not answer count as gone. @default false */
  readonly deleteUnreachable: boolean;
  /** Resources of a cluster that does not answer are left as the state has them. @default false */
  readonly skipUpdateUnreachable: boolean;
  /** Objects are written there as YAML instead of being applied. */
  readonly renderYamlToDirectory?: string;
  /** An object of a kind that nobody has defined is refused. @default false */
  readonly rejectUnknownResources: boolean;
}

function text(value: Value): string | undefined {
  const plain = unwrap(value);
  return typeof plain === "string" && plain !== "" ? plain : undefined;
}

/** Options arrive as booleans, or as their JSON text. */
function flag(value: Value, variable: string, fallback: boolean): boolean {
  const plain = unwrap(value);
  if (plain === true || plain === "true") return true;
  if (plain === false || plain === "false") return false;
  const environment = process.env[variable];
  return environment === undefined ? fallback : environment === "true";
}

function kubeconfigText(value: Value): string | undefined {
  const plain = unwrap(value);
  if (typeof plain === "object" && plain !== null && !isUnknown(plain) && !isSecret(plain)) {
    return JSON.stringify(plain);
  }
  return text(value);
}

export function readConfig(config: Properties): ProviderConfig {
  return {
    kubeconfig: kubeconfigText(config.kubeconfig),
    context: text(config.context),
    cluster: text(config.cluster),
    namespace: text(config.namespace),
    serverSideApply: flag(config.enableServerSideApply, "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true),
    patchForce: flag(config.enablePatchForce, "PULUMI_K8S_ENABLE_PATCH_FORCE", false),
    configMapsMutable: flag(config.enableConfigMapMutable, "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE", false),
    secretsMutable: flag(config.enableSecretMutable, "PULUMI_K8S_ENABLE_SECRET_MUTABLE", false),
    suppressDeprecationWarnings: flag(
      config.suppressDeprecationWarnings,
      "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
      false,
    ),
    deleteUnreachable: flag(config.deleteUnreachable, "PULUMI_K8S_DELETE_UNREACHABLE", false),
    skipUpdateUnreachable: flag(config.skipUpdateUnreachable, "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE", false),
    renderYamlToDirectory: text(config.renderYamlToDirectory),
    rejectUnknownResources: flag(config.rejectUnknownResources, "", false),
  };
}
