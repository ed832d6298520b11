import type { InvokeRequest, InvokeResult } from "../shared/provider";
import { hasUnknown, reveal, UNKNOWN } from "../shared/values";
import type { Value } from "../shared/values";
import { helmTemplate } from "./helm/release";
import type { Session } from "./session";
import { decodeYaml } from "./yaml-decode";

function required(args: { readonly [key: string]: Value }, key: string): string {
  const value = args[key];
  if (typeof value !== "string") throw new Error(`The argument "${key}" must be a text.`);
  return value;
}

/** The functions by which the SDK's ConfigFile, ConfigGroup and Chart (v1 and v3) read manifests. */
export async function invoke(session: Session, request: InvokeRequest): Promise<InvokeResult> {
  const args = reveal(request.args) as { readonly [key: string]: Value };
  const { cluster } = await session.link.forPreview();
  const { signal } = request;
  if (hasUnknown(request.args)) return { result: { result: UNKNOWN } };
  switch (request.token) {
    case "kubernetes:yaml:decode": {
      const defaultNamespace = typeof args.defaultNamespace === "string" ? args.defaultNamespace : undefined;
      const result = await decodeYaml(required(args, "text"), { defaultNamespace, cluster, signal });
      return { result: { result: result as Value } };
    }
    case "kubernetes:helm:template": {
      const { yaml, namespace } = await helmTemplate(required(args, "jsonOpts"), signal);
      const result = await decodeYaml(yaml, { defaultNamespace: namespace, cluster, signal });
      return { result: { result: result as Value } };
    }
    default:
      throw new Error(`This kubernetes provider has no function "${request.token}".`);
  }
}
