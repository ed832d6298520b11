import { groupBy } from "./group-by";
import { type DeclaredResource, itemType, kubernetesKind, type Subject, subjectsOf } from "./subject";
import { matchesType, type TypePattern } from "./type-pattern";

/** The resources of a stack, indexed once so that stack rules stay linear. */
export class StackView {
  private readonly byType: Map<string, DeclaredResource[]>;
  private readonly byKind: Map<string, string[]>;
  /** Made when they are asked for: a rule reads a few types of a stack that has many. */
  private readonly subjects = new Map<string, Subject[]>();

  constructor(resources: readonly DeclaredResource[]) {
    this.byType = groupBy(resources, ({ type }) => itemType(type));
    this.byKind = groupBy(this.byType.keys(), (type) => {
      const kind = kubernetesKind(type);
      return kind ? `${kind.group}/${kind.kind}` : "";
    });
  }

  /** Objects of a Kubernetes kind, in any version; `group` is `""` for core. */
  ofKind(group: string, ...kinds: readonly string[]): Subject[] {
    return kinds
      .flatMap((kind) => this.byKind.get(`${group}/${kind}`) ?? [])
      .flatMap((type) => this.ofType(type));
  }

  /** Groups of the Kubernetes objects that are declared, each once; `""` for core. */
  groups(): string[] {
    return [...new Set([...this.byKind.keys()].map((key) => key.slice(0, key.lastIndexOf("/"))))];
  }

  /** Objects of a Kubernetes group, of all its kinds. */
  ofGroup(group: string): Subject[] {
    return [...this.byKind]
      .filter(([key]) => key.slice(0, key.lastIndexOf("/")) === group && key !== "")
      .flatMap(([, types]) => types.flatMap((type) => this.ofType(type)));
  }

  /** Resources of any provider whose type token is one of the patterns, such as `aws:s3/*:Bucket`. */
  ofTypes(patterns: readonly TypePattern[]): Subject[] {
    return [...this.byType.keys()]
      .filter((type) => matchesType(type, patterns))
      .flatMap((type) => this.ofType(type));
  }

  /** Whether there are resources of one of the patterns, of any provider. */
  has(patterns: readonly TypePattern[]): boolean {
    return [...this.byType.keys()].some((type) => matchesType(type, patterns));
  }

  private ofType(type: string): Subject[] {
    let found = this.subjects.get(type);
    if (!found) {
      found = (this.byType.get(type) ?? []).flatMap(subjectsOf);
      this.subjects.set(type, found);
    }
    return found;
  }
}
