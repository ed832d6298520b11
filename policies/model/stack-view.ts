import { itemType, kubernetesKind, type DeclaredResource, type Subject, subjectsOf } from "./subject";

/** The resources of a stack, indexed once so that stack rules stay linear. */
export class StackView {
  private readonly byKind = new Map<string, Subject[]>();

  constructor(resources: readonly DeclaredResource[]) {
    for (const resource of resources) {
      const kind = kubernetesKind(itemType(resource.type));
      if (!kind) continue;
      const key = `${kind.group}/${kind.kind}`;
      const subjects = this.byKind.get(key);
      if (subjects) subjects.push(...subjectsOf(resource));
      else this.byKind.set(key, subjectsOf(resource));
    }
  }

  /** Objects of a Kubernetes kind, in any version; `group` is `""` for core. */
  ofKind(group: string, ...kinds: readonly string[]): Subject[] {
    return kinds.flatMap((kind) => this.byKind.get(`${group}/${kind}`) ?? []);
  }
}
