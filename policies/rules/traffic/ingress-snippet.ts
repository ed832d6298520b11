import { nsaCisa } from "../../model/controls";
import type { ResourceRule } from "../../model/rule";

const SNIPPET = /^nginx\.ingress\.kubernetes\.io\/(?:[a-z-]+-)?snippets?$/;

export const ingressSnippet: ResourceRule = {
  id: "ingress-snippet",
  title: "Ingresses bring no configuration text of their own",
  severity: "high",
  description:
    "A snippet annotation becomes part of the controller's configuration: whoever may write an Ingress reads the controller's Secrets with it (CVE-2021-25742).",
  remediation: "metadata: { annotations: {} } // without *-snippet",
  types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"],
  controls: [nsaCisa("C-0059", "CVE-2021-25742-nginx-ingress-snippet-annotation-vulnerability")],
  scope: "resource",
  check(subject, verdict) {
    const found = subject.fields
      .get("metadata", "annotations")
      .entries()
      .map(([key]) => key)
      .filter((key) => SNIPPET.test(key));
    if (found.length > 0)
      verdict.fail(subject, `must not set the annotation ${found.map((key) => `\`${key}\``).join(", ")}.`);
  },
};
