import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { GO_GROUPS } from "../../../toolchain/build/tool-groups";
import { cachedFolder } from "../../clients/support/cached-folder";
import { CRDS, KUBERNETES, moduleFolder, type SchemaModule } from "./go-modules";
import type { KindSchema } from "./json-schema";
import { kindsOfCrd, kindsOfDocument, type Crd, type OpenApiDocument } from "./kinds";

/** The document that describes what all objects have in common. */
const CORE = "api__v1_openapi.json";

/** How kubeconform finds the schema of an object below the folder. */
export const LOCATION = "{{.Group}}/{{.ResourceAPIVersion}}/{{.ResourceKind}}.json";

/** `LOCATION` filled in. */
export function locationOf(apiVersion: string, kind: string): string {
  const parts = apiVersion.split("/");
  return join(parts[0]!, parts.at(-1)!, `${kind.toLowerCase()}.json`);
}

/** Files of a module, in the order of their names. */
async function filesOf(source: SchemaModule): Promise<string[]> {
  const folder = await moduleFolder(source);
  return source.paths
    .map((path) => join(folder, path))
    .flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path).map((n) => join(path, n)) : [path]))
    .sort();
}

/** CRDs of all modules, as they are applied. */
export async function allCrds(): Promise<Crd[]> {
  const files = (await Promise.all(CRDS.map(filesOf))).flat().filter((file) => file.endsWith(".yaml"));
  return files
    .flatMap((file) => parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS()))
    .filter((object: Crd | null): object is Crd => object?.kind === "CustomResourceDefinition");
}

async function allKinds(): Promise<KindSchema[]> {
  const files = (await filesOf(KUBERNETES)).filter((file) => /__v\w+_openapi\.json$/.test(file));
  const documents = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as OpenApiDocument);
  const core = documents[files.findIndex((file) => file.endsWith(CORE))];
  if (!core) throw new Error(`${KUBERNETES.module} has no ${CORE}`);
  return [
    ...documents.flatMap(kindsOfDocument),
    ...(await allCrds()).flatMap((crd) => kindsOfCrd(crd, core)),
  ];
}

/** What decides what the folder holds: the sources' versions, and how they are read. */
function recipe(): string {
  const code = ["json-schema", "kinds", "schema-folder", "go-modules"].map((name) =>
    join(__dirname, `${name}.ts`),
  );
  const versions = ["go.mod", "go.sum"].map((name) => join(GO_GROUPS.cluster.graph, name));
  const text = [...code, ...versions].map((file) => readFileSync(file, "utf8"));
  return [...text, JSON.stringify(CRDS)].join("\n");
}

/** A folder with the JSON schema of every kind, laid out as `LOCATION` says; made where the cache lacks it. */
export function schemaFolder(): Promise<string> {
  return cachedFolder("json-schemas", recipe(), async (folder) => {
    for (const { apiVersion, kind, schema } of await allKinds()) {
      const file = join(folder, locationOf(apiVersion, kind));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(schema));
    }
  });
}
