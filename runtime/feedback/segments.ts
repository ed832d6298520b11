import { shown } from "../dataplane/shown";
import { invalid } from "../errors";
import type { FeedbackConfig } from "../models/model-config-types";
import { FEEDBACK_DEFAULTS } from "./feedback-defaults";

/** The segment that everything is in. */
export const ALL = "all";
/** Label of the values that came after as many as have metrics of their own: no `KEY=VALUE`, as clients may name a value `other`. */
const othersOf = (key: string) => `${key}:other`;
const LONGEST_VALUE = 64;

/** What feedback is told apart by. Clients name values, so that each key has so many, and further ones are one. */
export class Segments {
  private readonly values = new Map<
    string,
    { readonly most: number; readonly others: string; readonly labels: Map<string, string> }
  >();

  constructor(segments: NonNullable<FeedbackConfig["segments"]>) {
    for (const [key, { maxValues }] of Object.entries(segments))
      this.values.set(key, {
        most: maxValues ?? FEEDBACK_DEFAULTS.maxValues,
        others: othersOf(key),
        labels: new Map(),
      });
  }

  /**
   * Reads a `segment`: an object of key to value.
   * @throws 400 naming what is wrong with it
   */
  read(value: unknown, where: string): readonly (readonly [string, string])[] {
    if (value === undefined) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw invalid(`\`${where}\` is ${shown(value)}, but must be an object such as {"country": "DE"}.`);
    return Object.entries(value).map(([key, given]) => {
      if (!this.values.has(key)) {
        const known = [...this.values.keys()].join(", ");
        throw invalid(
          `\`${where}\` names ${shown(key)}, but \`feedback.segments\` in \`model.json\` has ${known || "none"}.`,
        );
      }
      const text = typeof given === "number" || typeof given === "boolean" ? String(given) : given;
      if (typeof text !== "string" || text.length === 0 || text.length > LONGEST_VALUE)
        throw invalid(
          `\`${where}.${key}\` is ${shown(given)}, but must be a text of 1 to ${LONGEST_VALUE} characters.`,
        );
      return [key, text] as const;
    });
  }

  /** Their labels, `KEY=VALUE` of the first values that come; further ones share `KEY:other`. */
  admit(pairs: readonly (readonly [string, string])[]): readonly string[] {
    return pairs.map(([key, value]) => {
      const { most, others, labels } = this.values.get(key)!;
      // The same text for all samples: as many of them would take room.
      const own = labels.get(value);
      if (own !== undefined) return own;
      if (labels.size >= most) return others;
      const label = `${key}=${value}`;
      labels.set(value, label);
      return label;
    });
  }
}
