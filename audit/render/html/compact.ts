import type {
  AppliedWaiver,
  AuditReport,
  FindingState,
  ReportedFinding,
  ReportedResource,
  ReportedRule,
} from "../../report";

/** What the page's script works on. */
export type Judged = Pick<AuditReport, "rules" | "resources" | "findings">;

type Remediated = NonNullable<ReportedFinding["remediated"]>;

/** Findings of one rule in one state; lists stand side by side, `extra` where any has more than messages. */
interface Group {
  readonly rule: number;
  readonly state: FindingState;
  readonly resources: number[];
  /** Places in `texts`; absent where none says anything. */
  readonly messages?: number[][];
  readonly extra?: (readonly [AppliedWaiver | null, Remediated | null])[];
}

/** A report with each text once: a hundred thousand findings take about a megabyte. */
export interface Compact {
  readonly rules: readonly ReportedRule[];
  /** Types, components, files and messages. */
  readonly texts: string[];
  /** URN, type, name, component, file, line, column; -1 where there is none. */
  readonly resources: [string, number, string, number, number, number, number][];
  readonly groups: Group[];
}

class Texts {
  readonly list: string[] = [];
  private readonly places = new Map<string, number>();

  place(text: string | undefined): number {
    if (text === undefined) return -1;
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

/** `lookUp` knows resources that findings name and the report does not list, such as the stack. */
export function compact(report: Judged, lookUp: (urn: string) => ReportedResource): Compact {
  const texts = new Texts();
  const resources = new Map<string, number>();
  const rows: Compact["resources"] = [];
  const resourcePlace = (urn: string): number => {
    const known = resources.get(urn);
    if (known !== undefined) return known;
    const { type, name, component, source } = lookUp(urn);
    resources.set(urn, rows.length);
    return (
      rows.push([
        urn,
        texts.place(type),
        name,
        texts.place(component),
        texts.place(source?.file),
        source?.line ?? -1,
        source?.column ?? -1,
      ]) - 1
    );
  };
  const rules = new Map(report.rules.map(({ id }, place) => [id, place]));
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of report.findings) {
    const key = `${rules.get(finding.rule)} ${finding.state}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return {
    rules: report.rules,
    groups: [...groups.values()].map((findings) => ({
      rule: rules.get(findings[0]!.rule)!,
      state: findings[0]!.state,
      resources: findings.map(({ resource }) => resourcePlace(resource)),
      ...(findings.some(({ messages }) => messages.length > 0)
        ? { messages: findings.map(({ messages }) => messages.map((text) => texts.place(text))) }
        : {}),
      ...(findings.some(({ waiver, remediated }) => waiver || remediated)
        ? { extra: findings.map(({ waiver, remediated }) => [waiver ?? null, remediated ?? null] as const) }
        : {}),
    })),
    resources: rows,
    texts: texts.list,
  };
}

export function expand({ rules, texts, resources: rows, groups }: Compact): Judged {
  const resources = rows.map(([urn, type, name, component, file, line, column]): ReportedResource => ({
    urn,
    type: texts[type]!,
    name,
    ...(component < 0 ? {} : { component: texts[component]! }),
    ...(file < 0 ? {} : { source: { file: texts[file]!, line, ...(column < 0 ? {} : { column }) } }),
  }));
  const findings = groups.flatMap((group) =>
    group.resources.map((resource, i): ReportedFinding => {
      const [waiver, remediated] = group.extra?.[i] ?? [null, null];
      return {
        rule: rules[group.rule]!.id,
        resource: resources[resource]!.urn,
        state: group.state,
        messages: group.messages?.[i]!.map((text) => texts[text]!) ?? [],
        ...(waiver ? { waiver } : {}),
        ...(remediated ? { remediated } : {}),
      };
    }),
  );
  return { rules, resources, findings };
}

/** JSON for a `script` element of data: no character in it could end the element or begin a comment. */
export const embedded = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
