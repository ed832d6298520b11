import { parseAllDocuments } from "yaml";
import type { Cluster } from "./client/cluster";
import { gvkOf, isNamespacedByName } from "./kinds";
import { isObjectLike, textAt } from "./object";

interface DecodeOptions {
  /** Given to namespaced objects that name none. */
  readonly defaultNamespace?: string;
  readonly cluster?: Cluster;
  readonly signal?: AbortSignal;
}

async function isNamespaced(
  apiVersion: string,
  kind: string,
  { cluster, signal }: DecodeOptions,
): Promise<boolean> {
  const gvk = gvkOf(apiVersion, kind);
  const served = await cluster?.discovery.find(gvk, signal);
  return served?.namespaced ?? isNamespacedByName(gvk);
}

/**
 * Reads every object of a multi-document YAML text. Documents that are no objects, such as a chart's empty templates,
 * are left out. @throws Error naming the line of a syntax error
 */
export async function decodeYaml(
  text: string,
  options: DecodeOptions = {},
): Promise<{ [key: string]: unknown }[]> {
  const objects: { [key: string]: unknown }[] = [];
  // YAML 1.1, as Kubernetes reads it: there "yes" and "on" are booleans.
  for (const document of parseAllDocuments(text, { version: "1.1", merge: true })) {
    const [error] = document.errors;
    if (error) throw new Error(`The YAML cannot be read: ${error.message.split("\n")[0]}`);
    const object: unknown = document.toJSON();
    if (!isObjectLike(object)) continue;
    const apiVersion = textAt(object, "apiVersion");
    const kind = textAt(object, "kind");
    if (!apiVersion || !kind) continue;
    const { defaultNamespace } = options;
    if (
      defaultNamespace &&
      !textAt(object, "metadata", "namespace") &&
      (await isNamespaced(apiVersion, kind, options))
    ) {
      object.metadata = {
        ...(isObjectLike(object.metadata) ? object.metadata : {}),
        namespace: defaultNamespace,
      };
    }
    objects.push(object);
  }
  return objects;
}
