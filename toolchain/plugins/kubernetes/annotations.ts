import { textAt } from "./object";

/** The annotations by which a program steers the provider; the same names as the official one. */
export const ANNOTATIONS = {
  autonamed: "pulumi.com/autonamed",
  skipAwait: "pulumi.com/skipAwait",
  waitFor: "pulumi.com/waitFor",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  replaceUnready: "pulumi.com/replaceUnready",
  patchForce: "pulumi.com/patchForce",
  patchFieldManager: "pulumi.com/patchFieldManager",
  deletionPropagation: "pulumi.com/deletionPropagationPolicy",
} as const;

export function annotation(object: unknown, key: string): string | undefined {
  return textAt(object, "metadata", "annotations", key);
}

export function isAnnotated(object: unknown, key: string): boolean {
  return annotation(object, key) === "true";
}

/** Ten minutes, as the official provider. */
export const DEFAULT_TIMEOUT_SECONDS = 600;

/**
 * How long an operation may take: the resource option wins, then the annotation, then ten minutes. An annotation that
 * is not a number is ignored, as upstream does.
 */
export function timeoutSeconds(object: unknown, option: number): number {
  if (option > 0) return option;
  const annotated = Number.parseInt(annotation(object, ANNOTATIONS.timeoutSeconds) ?? "", 10);
  return annotated > 0 ? annotated : DEFAULT_TIMEOUT_SECONDS;
}

/** Foreground unless the program says otherwise, so that a deleted Deployment leaves no pods behind. */
export function deletionPropagation(object: unknown): "Foreground" | "Background" | "Orphan" {
  switch (annotation(object, ANNOTATIONS.deletionPropagation)?.toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
