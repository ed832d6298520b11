import { Field } from "./field";
import { groupBy } from "./group-by";
import type { Subject } from "./subject";

/**
 * A property as the program gave it. In a stack's view the provider has filled in the rest, and in a preview with values that
 * are not known yet: what nobody gave counts as absent there.
 */
export function given(subject: Subject, property: string): Field {
  const field = subject.fields.get(property);
  const filledIn = subject.dependencies !== undefined && !Object.hasOwn(subject.dependencies, property);
  return field.isUnknown && filledIn ? new Field(undefined, property) : field;
}

/**
 * Which resources refer to which others: by where the referring property's value comes from, which holds in a preview
 * too, or by a name or ARN that is known.
 */
export class Links {
  private readonly byTarget: Map<string, Subject[]>;
  /** Referring resources of which nobody can say yet what they refer to. */
  readonly open: readonly Subject[];

  /** @param names the targets' properties by whose values they are referred to */
  constructor(
    targets: readonly Subject[],
    referring: readonly Subject[],
    property: string,
    names: readonly string[],
  ) {
    const urns = new Set(targets.map(({ urn }) => urn));
    const byName = groupBy(
      targets.flatMap((target) =>
        names.flatMap((name) => knownText(target.fields.get(name)).map((text) => ({ text, target }))),
      ),
      ({ text }) => text,
    );
    const found: { urn: string; subject: Subject }[] = [];
    const open: Subject[] = [];
    for (const subject of referring) {
      const sources = (subject.dependencies?.[property] ?? []).filter((urn) => urns.has(urn));
      const value = subject.fields.get(property);
      const named = knownText(value).flatMap((text) => byName.get(text) ?? []);
      for (const urn of new Set([...sources, ...named.map(({ target }) => target.urn)]))
        found.push({ urn, subject });
      if (sources.length === 0 && value.isUnknown) open.push(subject);
    }
    this.byTarget = new Map(
      [...groupBy(found, ({ urn }) => urn)].map(([urn, links]) => [urn, links.map(({ subject }) => subject)]),
    );
    this.open = open;
  }

  to(target: Subject): readonly Subject[] {
    return this.byTarget.get(target.urn) ?? [];
  }
}

function knownText(field: Field): string[] {
  const text = field.isUnknown ? undefined : field.string();
  return text === undefined ? [] : [text];
}
