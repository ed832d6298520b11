import { Links } from "./aws-links";
import type { RuleMetadata, StackRule } from "./rule";
import type { StackView } from "./stack-view";
import type { Subject } from "./subject";
import type { TypePattern } from "./type-pattern";
import { UnknownRead } from "./unknown";

/** What a resource must have beside it, as a resource of its own that names it. */
export interface Companion {
  readonly types: readonly TypePattern[];
  /** The companion's property that names the resource. */
  readonly property: string;
  /** The resource's properties by which it is named. */
  readonly names: readonly string[];
  /** Whether a companion does what it is there for. @default always @throws UnknownRead */
  readonly accepts?: (companion: Subject) => boolean;
  /** Whether a resource needs none. @default never @throws UnknownRead */
  readonly isSpared?: (resource: Subject) => boolean;
  /** Resources that need none because of others in the stack, by their URNs. */
  readonly sparedIn?: (stack: StackView, resources: readonly Subject[]) => ReadonlySet<string>;
  /** The end of a sentence about a resource that has none. */
  readonly missing: string;
}

type Answer = "yes" | "no" | "unknown";

/** A rule that each resource has a companion. */
export function companionRule(metadata: RuleMetadata, companion: Companion): StackRule {
  const { types, property, names, accepts = () => true, isSpared = () => false, missing } = companion;
  return {
    ...metadata,
    scope: "stack",
    check(stack, verdict) {
      const resources = stack.ofTypes(metadata.types);
      const links = new Links(resources, stack.ofTypes(types), property, names);
      const spared = companion.sparedIn?.(stack, resources);
      for (const resource of resources) {
        if (spared?.has(resource.urn)) continue;
        verdict.judge(resource, () => {
          if (isSpared(resource)) return;
          const answers = links.to(resource).map((linked) => answer(() => accepts(linked)));
          if (answers.includes("yes")) return;
          const [open] = links.open;
          if (answers.includes("unknown"))
            verdict.indeterminate(resource, "has one of which too little is known yet.");
          else if (open)
            verdict.indeterminate(
              resource,
              `may be meant by \`${open.name}\`, whose \`${property}\` is not known yet.`,
            );
          else verdict.fail(resource, missing);
        });
      }
    },
  };
}

function answer(question: () => boolean): Answer {
  try {
    return question() ? "yes" : "no";
  } catch (error) {
    if (!(error instanceof UnknownRead)) throw error;
    return "unknown";
  }
}
