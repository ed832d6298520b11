import { groupBy } from "./group-by";
import type { Field } from "./field";
import { selects } from "./labels";
import { namespaceOf, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

interface Entry {
  readonly subject: Subject;
  readonly selector: Field;
}

/**
 * Answers which selecting objects (policies, budgets) of a namespace pick given labels. Each is kept under one of
 * its own label conditions, so that a look-up costs by the labels asked for and not by the objects there are.
 */
export class SelectorIndex {
  private readonly entries: Map<string, Entry[]>;
  /** Objects whose namespace or selector is not known yet: while there are any, "none" cannot be said for certain. */
  readonly undetermined: Subject[] = [];

  constructor(subjects: readonly Subject[], selectorOf: (subject: Subject) => Field) {
    const keyed = subjects.flatMap((subject) => {
      try {
        const selector = selectorOf(subject);
        const [first] = selector.get("matchLabels").entries();
        const condition = first ? `${first[0]}=${first[1].string() ?? ""}` : "";
        return [{ key: `${namespaceOf(subject)}/${condition}`, entry: { subject, selector } }];
      } catch (error) {
        if (!(error instanceof UnknownRead)) throw error;
        this.undetermined.push(subject);
        return [];
      }
    });
    this.entries = new Map(
      [...groupBy(keyed, ({ key }) => key)].map(([key, found]) => [key, found.map(({ entry }) => entry)]),
    );
  }

  /** Objects of the namespace whose selector picks the labels. @throws UnknownRead */
  selecting(namespace: string, labels: ReadonlyMap<string, string>): Subject[] {
    const conditions = ["", ...[...labels].map(([key, value]) => `${key}=${value}`)];
    return conditions
      .flatMap((condition) => this.entries.get(`${namespace}/${condition}`) ?? [])
      .filter(({ selector }) => selects(selector, labels))
      .map(({ subject }) => subject);
  }

  get isOpen(): boolean {
    return this.undetermined.length > 0;
  }
}
