import type { Cluster } from "../client/cluster";
import type { CheckFailure } from "../../shared/provider";
import type { Gvk } from "../kinds";
import type { KubeObject } from "../object";
import type { OpenApi } from "./open-api";
import type { SeenObjects } from "./seen";
import type { Resolve, Schema } from "./structural";
import { validate } from "./structural";

export interface SchemaSources {
  readonly seen: SeenObjects;
  /** `undefined` where no cluster answers. */
  readonly cluster?: Cluster;
  readonly openApi?: OpenApi;
}

/** CRDs need not mention what every object has. */
const EVERYWHERE = ["apiVersion", "kind", "metadata"];

function check(object: KubeObject, schema: Schema, resolve?: Resolve): CheckFailure[] {
  const own = Object.entries(object).filter(([field]) => {
    return !EVERYWHERE.includes(field) && (field !== "status" || schema.properties?.status !== undefined);
  });
  return validate(
    Object.fromEntries(own),
    { ...schema, required: schema.required?.filter((field) => !EVERYWHERE.includes(field)) },
    { resolve },
  );
}

/**
 * Checks an object that cannot be dry-run (a value is not known yet, its kind is not there yet, there is no cluster)
 * against the best schema at hand: the program's own CRD, else the one that the API server publishes.
 */
export async function schemaFailures(
  gvk: Gvk,
  object: KubeObject,
  { seen, openApi }: SchemaSources,
  signal: AbortSignal,
): Promise<CheckFailure[]> {
  const defined = seen.kind(gvk);
  if (defined) return defined.schema ? check(object, defined.schema) : [];
  const published = await openApi?.schemaFor(gvk, signal);
  return published ? check(object, published.schema, published.resolve) : [];
}
