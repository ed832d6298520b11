/** When an output of the candidate counts as equal to the live slot's. */
export interface TensorRule {
  /**
   * By how much a number may differ, in its unit.
   * @default 0
   */
  readonly absolute?: number;
  /**
   * By how much more, as a share of the live slot's number: equal is |candidate − live| <= absolute + relative · |live|.
   * @default 0
   */
  readonly relative?: number;
  /**
   * Whether NaN in the same place of both is equal. NaN of one alone never is.
   * @default true
   */
  readonly nanEqual?: boolean;
  /**
   * Compares which elements of each row (the last dimension) are the k largest; 0 does not.
   * @default 0
   */
  readonly topK?: number;
}

/** Rules by output, and the one for all others. */
export interface ComparisonRules {
  readonly outputs?: Readonly<Record<string, TensorRule>>;
  readonly others?: TensorRule;
}

export const EXACT: Required<TensorRule> = { absolute: 0, relative: 0, nanEqual: true, topK: 0 };

export function ruleFor({ outputs, others }: ComparisonRules, name: string): Required<TensorRule> {
  const own = outputs !== undefined && Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  return { ...EXACT, ...(own ?? others) };
}

/** What is wrong with a rule, each in a sentence that begins with its place. */
export function problemsOf({ outputs, others }: ComparisonRules): string[] {
  const problems: string[] = [];
  const check = (path: string, { absolute = 0, relative = 0, topK = 0 }: TensorRule) => {
    for (const [name, value] of Object.entries({ absolute, relative })) {
      if (!(value >= 0 && value < Infinity))
        problems.push(`\`${path}.${name}\`: ${value} must be a number >= 0`);
    }
    if (!Number.isInteger(topK) || topK < 0)
      problems.push(`\`${path}.topK\`: ${topK} must be a whole number >= 0`);
  };
  if (others !== undefined) check("others", others);
  for (const [name, rule] of Object.entries(outputs ?? {})) check(`outputs.${name}`, rule);
  return problems;
}
