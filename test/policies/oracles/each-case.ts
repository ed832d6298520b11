import type { Judgement } from "../corpus/measure";
import { SCANNERS, toldBy } from "./disagreements";
import { kubernetesObject } from "./kubernetes";
import { row, table } from "./markdown";
import type { Hit, Scanner } from "./scan";
import { TERRAFORM_TYPES } from "./terraform-types";

/** Kinds of a scanner's own making: it reads Terraform of AWS, or objects of Kubernetes only. */
function isRead(scanner: Scanner, type: string): boolean {
  return kubernetesObject(type) || (scanner === "Checkov" && TERRAFORM_TYPES[type] !== undefined);
}

/** What a scanner said of a pair that it does not tell apart, from its own answers. */
function answer({ twin }: Judgement, scanner: Scanner, hits: readonly Hit[]): string {
  const subjects = twin.bad.filter(({ name = "" }) => twin.names.includes(name));
  const types = [...new Set(subjects.map(({ type }) => type))];
  if (!types.some((type) => isRead(scanner, type)))
    return `reads no ${types.map((type) => `\`${type.split(":").at(-1)}\``).join(", ")}`;
  const own = hits.filter(
    (hit) =>
      hit.scanner === scanner &&
      hit.twin === twin.id &&
      (hit.name === undefined || twin.names.includes(hit.name)),
  );
  if (own.some(({ check }) => check === "(refused)")) return "cannot read the object";
  const checks = (side: Hit["side"]): string[] => [
    ...new Set(own.filter((hit) => hit.side === side).map(({ check }) => check)),
  ];
  const good = checks("good");
  const both = checks("bad").filter((check) => good.includes(check));
  return both.length === 0
    ? "finds nothing"
    : `finds in both: ${both.map((check) => `\`${check}\``).join(", ")}`;
}

/** A table of every pair that the pack tells apart and some scanner does not, with what each scanner said of it. */
export function eachCase(judgements: readonly Judgement[], hits: readonly Hit[]): string {
  const told = new Map(SCANNERS.map((scanner) => [scanner, toldBy(scanner, judgements, hits)]));
  const rows = judgements
    .filter(({ detectedBy }) => detectedBy.length > 0)
    .filter(({ twin }) => SCANNERS.some((scanner) => !told.get(scanner)!.has(twin.id)))
    .map((judgement) =>
      row(
        judgement.twin.id,
        judgement.twin.what,
        judgement.detectedBy.map((rule) => `\`${rule}\``).join(", "),
        ...SCANNERS.map((scanner) =>
          told.get(scanner)!.has(judgement.twin.id) ? "finds it" : answer(judgement, scanner, hits),
        ),
      ),
    );
  return table(["Pair", "What is wrong", "Rules that find it", ...SCANNERS], rows);
}
