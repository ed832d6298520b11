import { eachRule } from "../../model/input-rule";
import type { Field } from "../../model/field";

/** Annotations whose text ingress-nginx writes into its configuration. */
const WRITTEN = new Set(
  ["auth-url", "auth-tls-match-cn", "mirror-target", "mirror-host"].map(
    (name) => `nginx.ingress.kubernetes.io/${name}`,
  ),
);

/** What ends or begins a directive; `$`, `?` and the like belong to URLs. */
const DIRECTIVE = /[\r\n{};#"`\\<>|^]/;

export const ingressAnnotationCharacters = eachRule<[string, Field]>(
  {
    id: "ingress-annotation-characters",
    title: "Annotations of nginx hold no configuration",
    severity: "critical",
    description:
      "ingress-nginx writes these annotations into its configuration as they are: a line break or a semicolon in one runs code in the controller (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514).",
    remediation: '"nginx.ingress.kubernetes.io/auth-url": "https://login.example/check"',
    types: ["kubernetes:networking.k8s.io/*:Ingress"],
    controls: [],
  },
  (fields) =>
    fields
      .get("metadata", "annotations")
      .entries()
      .filter(([key]) => WRITTEN.has(key)),
  ([key, value]) =>
    DIRECTIVE.test(value.string() ?? "")
      ? `must not have directives in the annotation \`${key}\`.`
      : undefined,
);
