import { Field } from "./field";

/** A resource as the engine hands it over, reduced to what rules read. */
export interface DeclaredResource {
  /** The Pulumi type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: unknown;
  /** See `Subject.dependencies`. */
  readonly dependencies?: PropertyDependencies;
  /** See `Subject.ignoreChanges`. */
  readonly ignoreChanges?: readonly string[];
}

/** Which resources of the stack each property was computed from, by their URNs. */
export type PropertyDependencies = Readonly<Record<string, readonly string[]>>;

/** What a rule judges: a resource, or one item of a Kubernetes list resource. */
export interface Subject {
  readonly type: string;
  readonly urn: string;
  /** Pulumi's name of the resource. */
  readonly name: string;
  readonly fields: Field;
  /**
   * For stack rules: every property that the program gave, with the resources its value comes from. So a link can be
   * followed whose value is not known yet, and a value that the provider will fill in is told from one that was given.
   */
  readonly dependencies?: PropertyDependencies;
  /** For stack rules: paths of the properties that updates leave as they are. */
  readonly ignoreChanges?: readonly string[];
}

const KUBERNETES_TYPE = /^kubernetes:([^:]+)\/([^/:]+):([^:]+)$/;

/** Group (`""` for core) and kind of a Kubernetes type token; undefined for other providers. */
export function kubernetesKind(type: string): { group: string; kind: string } | undefined {
  const match = KUBERNETES_TYPE.exec(type);
  if (!match) return undefined;
  const [, group = "", , kind = ""] = match;
  return { group: group === "core" ? "" : group, kind };
}

/** The subjects of a resource: itself, or the items of a `…List`, each with the item's type. */
export function subjectsOf(resource: DeclaredResource): Subject[] {
  const { type, urn, name, dependencies, ignoreChanges } = resource;
  const fields = new Field(resource.props);
  if (!isListType(type)) {
    return [
      {
        type,
        urn,
        name,
        fields,
        ...(dependencies && { dependencies }),
        ...(ignoreChanges && { ignoreChanges }),
      },
    ];
  }
  const items = fields.get("items");
  if (items.isUnknown) return [{ type: itemType(type), urn, name, fields: items }];
  return items.items().map((item) => ({ type: itemType(type), urn, name, fields: item }));
}

/** The type that rules match on: for a `…List` that of its items. */
export function itemType(type: string): string {
  return isListType(type) ? type.slice(0, -"List".length) : type;
}

function isListType(type: string): boolean {
  return type.startsWith("kubernetes:") && type.endsWith("List");
}

/** `Deployment \`team/web\``, from the object's own metadata, else Pulumi's name. Never throws. */
export function describeSubject(subject: Subject): string {
  const kind = kubernetesKind(subject.type)?.kind ?? subject.type;
  const metadata = subject.fields.get("metadata");
  const name = shown(metadata.get("name")) ?? subject.name;
  const namespace = shown(metadata.get("namespace"));
  return `${kind} \`${namespace === undefined ? name : `${namespace}/${name}`}\``;
}

function shown(field: Field): string | undefined {
  return field.isUnknown ? undefined : field.string();
}

/** @throws UnknownRead */
export function nameOf(subject: Subject): string {
  return subject.fields.get("metadata", "name").string() ?? subject.name;
}

/** The namespace an object goes to; `default` where it names none. @throws UnknownRead */
export function namespaceOf(subject: Subject): string {
  return subject.fields.get("metadata", "namespace").string() ?? "default";
}
