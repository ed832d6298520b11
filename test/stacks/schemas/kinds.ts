import { strictSchema, type KindSchema, type Schema } from "./json-schema";

/** The schemas of one group and version, as the API server publishes them. */
export interface OpenApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const PREFIX = "#/components/schemas/";
const local = (reference: string) => reference.replace(PREFIX, "#/definitions/");

/** Names of the schemas that a schema refers to, directly. */
function referredTo(schema: Schema): string[] {
  const found = JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return [...found].map(([, name]) => name!);
}

/** A schema's own definitions: all that it refers to, directly or not. */
function definitionsOf(root: Schema, schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const definitions: Record<string, Schema> = {};
  const open = referredTo(root);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const schema = schemas[name];
    if (name in definitions || schema === undefined) continue;
    definitions[name] = strictSchema(schema, local);
    open.push(...referredTo(schema));
  }
  return definitions;
}

/** The kinds that a document of the API server describes. */
export function kindsOfDocument(document: OpenApiDocument): KindSchema[] {
  const schemas = document.components?.schemas ?? {};
  return Object.values(schemas).flatMap((source) => {
    const kinds = (source["x-kubernetes-group-version-kind"] ?? []) as GroupVersionKind[];
    // Kinds that every group has, such as DeleteOptions, are not stored as objects.
    const [only] = kinds;
    if (kinds.length !== 1 || only === undefined) return [];
    const definitions = definitionsOf(source, schemas);
    const apiVersion = only.group === "" ? only.version : `${only.group}/${only.version}`;
    return [{ apiVersion, kind: only.kind, schema: { ...strictSchema(source, local), definitions } }];
  });
}

/** As much of a CustomResourceDefinition as says what is valid. */
export interface Crd {
  readonly kind: "CustomResourceDefinition";
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema?: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/**
 * The kinds of a CRD; their metadata is that of every object, whatever the CRD says of it.
 * @param core the API server's document that has ObjectMeta
 */
export function kindsOfCrd({ spec }: Crd, core: OpenApiDocument): KindSchema[] {
  const reference = { $ref: `${PREFIX}${META}` };
  const definitions = definitionsOf(reference, core.components?.schemas ?? {});
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name, schema }) => {
      const own = strictSchema(schema?.openAPIV3Schema ?? { type: "object" });
      const properties = {
        ...(own.properties as object),
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: strictSchema(reference, local),
      };
      return {
        apiVersion: `${spec.group}/${name}`,
        kind: spec.names.kind,
        schema: { ...own, properties, definitions },
      };
    });
}
