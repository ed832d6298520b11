import type { EnforcementLevel } from "@pulumi/policy";
import type { CatalogEntry } from "../areas/entry";
import type { Control } from "../model/controls";

/** A choice of rules, and how each is enforced. */
export interface Profile {
  readonly name: string;
  /** For the reference page: continues "Takes …". */
  readonly doc: string;
  readonly level: (entry: CatalogEntry) => EnforcementLevel;
}

/** The rules that a document's controls are mapped to, all of them mandatory. */
function framework(name: string, doc: string, isOf: (control: Control) => boolean): Profile {
  return {
    name,
    doc: `the rules that help to meet ${doc}, all mandatory`,
    level: ({ rule }) => (rule.controls.some(isOf) ? "mandatory" : "disabled"),
  };
}

const titled =
  (start: string) =>
  (control: Control): boolean =>
    control.framework.startsWith(start);

const POD_SECURITY = "Pod Security Standards";

/** @default what the pack does unless it is told otherwise */
export const DEFAULT_PROFILE = "baseline";

/** Every profile, in the order of the reference page. */
export const PROFILES: readonly Profile[] = [
  {
    name: DEFAULT_PROFILE,
    doc: "every rule, mandatory or advisory as this page says",
    level: ({ enforcement }) => enforcement,
  },
  { name: "strict", doc: "every rule, all mandatory", level: () => "mandatory" },
  framework(
    "pod-security-baseline",
    "profile baseline of the Pod Security Standards",
    (control) => control.framework === POD_SECURITY && control.id.startsWith("baseline:"),
  ),
  framework(
    "pod-security-restricted",
    "profile restricted of the Pod Security Standards, with baseline as a part of it",
    titled(POD_SECURITY),
  ),
  framework("cis-kubernetes", "the CIS Kubernetes Benchmark", titled("CIS Kubernetes Benchmark")),
  framework("cis-eks", "the CIS Amazon EKS Benchmark", titled("CIS Amazon EKS Benchmark")),
  framework(
    "cis-aws",
    "the CIS Amazon Web Services Foundations Benchmark",
    titled("CIS Amazon Web Services"),
  ),
  framework("nsa-cisa", "the NSA's and CISA's Kubernetes Hardening Guidance", titled("NSA/CISA")),
  framework("aws-fsbp", "the AWS Foundational Security Best Practices", titled("AWS Foundational")),
  framework("nist-800-53", "NIST SP 800-53", titled("NIST SP 800-53")),
  framework("soc2", "the Trust Services Criteria of SOC 2", titled("SOC 2")),
  framework("iso-27001", "ISO/IEC 27001", titled("ISO/IEC 27001")),
  framework("pci-dss", "PCI DSS", titled("PCI DSS")),
];

const STRENGTH: readonly EnforcementLevel[] = ["disabled", "advisory", "mandatory"];

/** The catalog as some profiles bind it; where they differ on a rule, the strongest counts. */
export function bindProfiles(entries: readonly CatalogEntry[], profiles: readonly Profile[]): CatalogEntry[] {
  return entries.map((entry) => {
    const levels = profiles.map((profile) => profile.level(entry));
    const enforcement = [...STRENGTH].reverse().find((level) => levels.includes(level)) ?? "disabled";
    return { rule: entry.rule, enforcement };
  });
}
