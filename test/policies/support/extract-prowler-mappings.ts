import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/*
 * Writes policies/model/prowler-mappings.json and test/policies/fixtures/prowler-titles.json from Prowler's wheel, which is where Prowler publishes which of its checks
 * help to meet which control of which document:
 *
 *   pip download --no-deps prowler==5.46.0 && unzip prowler-5.46.0-*.whl -d prowler
 *   npx tsx test/policies/support/extract-prowler-mappings.ts prowler
 *   npx prettier --write policies/model/prowler-mappings.json test/policies/fixtures/prowler-titles.json
 *
 * Of the mappings, those of the checks are taken that rules name with `awsControls(…)` or `kubernetesControls(…)`: run
 * it again when a rule names another. Numbers and titles are copied; what is left out is said below. The titles are
 * there for tests of the controls that a rule names by their number.
 */

interface Requirement {
  readonly Id: string;
  readonly Name?: string;
  readonly Description: string;
  readonly Checks: readonly string[];
  readonly Attributes: readonly Readonly<Record<string, string>>[];
}

interface Numbered {
  readonly id: string;
  readonly title: string;
}

interface Document {
  readonly file: string;
  readonly framework: string;
  readonly version: string;
  /** Number and title as the document has them; undefined for what is no control of the technical sort. */
  readonly read: (requirement: Requirement) => Numbered | undefined;
}

const iso = ({ Id, Name = "" }: Requirement): Numbered => ({ id: Id, title: Name });

/** Prowler counts on below the requirement (`3.5.1.16`); the requirement's own number begins its section. */
function pci({ Attributes }: Requirement): Numbered | undefined {
  const [, id, title] = /^(\d+(?:\.\d+)+):\s*(.*)$/s.exec(Attributes[0]?.["Section"] ?? "") ?? [];
  return id === undefined ? undefined : { id, title: (title ?? "").trim() };
}

const NIST_NUMBER = /[A-Z]{2}-\d+(?:\(\w+\))*/;

/** What organisations settle on paper, not in a resource's settings: policies, plans, personnel, suppliers. */
const NIST_ORGANISATIONAL = /^(?:AT|CA|MA|MP|PE|PL|PM|PS|PT|RA|SA|SR)-|^[A-Z]{2}-1(?:\(|$)|^CM-9/;

function nist({ Name = "", Attributes }: Requirement): Numbered | undefined {
  const id = NIST_NUMBER.exec(Name)?.[0];
  if (id === undefined || NIST_ORGANISATIONAL.test(id)) return undefined;
  const bare = (text: string | undefined): string =>
    (text ?? "").replace(new RegExp(`\\(?${NIST_NUMBER.source}\\)?`), "").trim();
  const [attributes = {}] = Attributes;
  return { id, title: bare(Name) || bare(attributes["SubGroup"]) || bare(attributes["SubSection"]) };
}

function soc2({ Name = "" }: Requirement): Numbered | undefined {
  const [, id, title] = /^([A-Z]+\d\.\d)\s+(.*)$/s.exec(Name) ?? [];
  return id === undefined ? undefined : { id, title: title ?? "" };
}

/** Mappings that are plainly none: DynamoDB.7 is about DAX' encryption, A.8.1 about laptops and phones. */
const SLIPS = new Set(["dynamodb_table_deletion_protection_enabled DynamoDB.7"]);
const isSlip = (check: string, id: string): boolean => id === "A.8.1" || SLIPS.has(`${check} ${id}`);

export const DOCUMENTS: Readonly<Record<string, Document>> = {
  cis: {
    file: "aws/cis_7.0_aws.json",
    framework: "CIS Amazon Web Services Foundations Benchmark",
    version: "7.0.0",
    read: ({ Id, Description }) => ({ id: Id, title: Description }),
  },
  fsbp: {
    file: "aws/aws_foundational_security_best_practices_aws.json",
    framework: "AWS Foundational Security Best Practices",
    // As in the standard's ARN; Prowler's file gives none.
    version: "1.0.0",
    read: ({ Id, Name = "" }) => ({ id: Id, title: Name }),
  },
  nist: {
    file: "aws/nist_800_53_revision_5_aws.json",
    framework: "NIST SP 800-53",
    version: "Revision 5",
    read: nist,
  },
  // The criteria that the numbers CC6.1 and so on belong to; Prowler's file gives no version.
  soc2: {
    file: "aws/soc2_aws.json",
    framework: "SOC 2",
    version: "2017 Trust Services Criteria",
    read: soc2,
  },
  iso: { file: "aws/iso27001_2022_aws.json", framework: "ISO/IEC 27001", version: "2022", read: iso },
  pci: { file: "aws/pci_4.0_aws.json", framework: "PCI DSS", version: "4.0", read: pci },
  isoKubernetes: {
    file: "kubernetes/iso27001_2022_kubernetes.json",
    framework: "ISO/IEC 27001",
    version: "2022",
    read: iso,
  },
  pciKubernetes: {
    file: "kubernetes/pci_4.0_kubernetes.json",
    framework: "PCI DSS",
    version: "4.0",
    read: pci,
  },
  cisKubernetes: {
    file: "kubernetes/cis_2.0.1_kubernetes.json",
    framework: "CIS Kubernetes Benchmark",
    version: "2.0.1",
    read: ({ Id, Description }) => ({ id: Id, title: Description }),
  },
};

const root = join(__dirname, "../../..");
export const MAPPINGS = join(root, "policies/model/prowler-mappings.json");
const TITLES = join(root, "test/policies/fixtures/prowler-titles.json");

/** The checks that the rules' sources name. */
function namedChecks(): Set<string> {
  const rules = join(root, "policies/rules");
  const texts = readdirSync(rules, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(rules, file), "utf8"));
  const calls = texts.flatMap((text) => [...text.matchAll(/\b(?:aws|kubernetes)Controls\(([^)]*)\)/g)]);
  return new Set(
    calls.flatMap(([, names = ""]) => [...names.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name)),
  );
}

/** The mappings of some checks, as prowler-mappings.json holds them. */
export function extract(prowler: string, wanted: ReadonlySet<string>): object {
  const documents: Record<string, object> = {};
  const checks: Record<string, Record<string, string[]>> = {};
  for (const [key, { file, framework, version, read }] of Object.entries(DOCUMENTS)) {
    const titles: Record<string, string> = {};
    for (const requirement of requirementsOf(prowler, file)) {
      const control = read(requirement);
      if (!control) continue;
      for (const check of requirement.Checks.filter(
        (name) => wanted.has(name) && !isSlip(name, control.id),
      )) {
        titles[control.id] ??= control.title;
        const ids = ((checks[check] ??= {})[key] ??= []);
        if (!ids.includes(control.id)) ids.push(control.id);
      }
    }
    documents[key] = { framework, version, file, titles };
  }
  const sorted = Object.keys(checks).sort();
  return { documents, checks: Object.fromEntries(sorted.map((check) => [check, checks[check]])) };
}

/** Numbers and titles of whole documents, by Prowler's file. */
function titles(prowler: string): object {
  const named = ["fsbp", "cis", "cisKubernetes"].map((key) => DOCUMENTS[key]!);
  return Object.fromEntries(
    named.map(({ file, read }) => {
      const controls = requirementsOf(prowler, file).flatMap((requirement) => read(requirement) ?? []);
      return [file, Object.fromEntries(controls.map(({ id, title }) => [id, title]))];
    }),
  );
}

function requirementsOf(prowler: string, file: string): Requirement[] {
  const path = join(prowler, "prowler/compliance", file);
  return (JSON.parse(readFileSync(path, "utf8")) as { Requirements: Requirement[] }).Requirements;
}

if (require.main === module) {
  const [prowler] = process.argv.slice(2);
  if (prowler === undefined) throw new Error("Say where Prowler's wheel is unpacked.");
  const write = (file: string, content: object): void =>
    writeFileSync(file, `${JSON.stringify(content, undefined, 1)}\n`);
  write(MAPPINGS, extract(prowler, namedChecks()));
  write(TITLES, titles(prowler));
}
