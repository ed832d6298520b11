import type { Control } from "./controls";
import mappings from "./prowler-mappings.json";

interface Document {
  readonly framework: string;
  readonly version: string;
  readonly file: string;
  readonly titles: Readonly<Record<string, string>>;
}

const documents: Readonly<Record<string, Document>> = mappings.documents;
const checks: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = mappings.checks;

/**
 * The controls that a check of Prowler helps to meet, for a rule that asks the same as that check does. Prowler's mapping
 * is public; prowler-mappings.json is copied from it by test/policies/support/extract-prowler-mappings.ts, which is to
 * be run again when a rule names another check.
 * @throws where Prowler has no such check, or maps it to nothing
 */
export function awsControls(...names: readonly string[]): Control[] {
  const found = new Map<string, Control>();
  for (const name of names) {
    const mapped = checks[name];
    if (!mapped)
      throw new Error(`prowler-mappings.json has no check \`${name}\`: extract it, or map no control.`);
    for (const [key, ids] of Object.entries(mapped)) {
      const document = documents[key]!;
      for (const id of ids) {
        const control = controlOf(document, id, name);
        const place = `${control.framework} ${id}`;
        if (!found.has(place)) found.set(place, control);
      }
    }
  }
  return [...found.values()];
}

/** The parts of ISO/IEC 27001 that are about who may do what. */
const ISO_ACCESS = new Set(["A.5.3", "A.5.15", "A.5.18", "A.8.2", "A.8.3", "A.8.5", "A.8.12"]);

/**
 * The same for Prowler's checks of Kubernetes, without what Prowler maps beside the point: to PCI DSS by its numbers of
 * AWS checks, and to parts of ISO/IEC 27001 such as redundancy and monitoring.
 */
export function kubernetesControls(...names: readonly string[]): Control[] {
  return awsControls(...names).filter(
    ({ framework, id }) =>
      !framework.startsWith("PCI") && (!framework.startsWith("ISO") || ISO_ACCESS.has(id)),
  );
}

function controlOf({ framework, version, file, titles }: Document, id: string, check: string): Control {
  return {
    framework,
    version,
    id,
    title: titles[id] ?? id,
    source: `Prowler 5.46.0 (PyPI), prowler/compliance/${file}, check ${check}`,
  };
}
