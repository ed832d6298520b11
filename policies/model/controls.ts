/** A control of a public document that a rule helps to meet, and where that is written. */
export interface Control {
  readonly framework: string;
  readonly version: string;
  readonly id: string;
  readonly title: string;
  /** Where document, number and title can be read. */
  readonly source: string;
}

/** A control of the Pod Security Standards, named as the page names it. */
export function podSecurity(profile: "baseline" | "restricted", title: string): Control {
  return {
    framework: "Pod Security Standards",
    version: "v1.34",
    id: `${profile}: ${title}`,
    title,
    source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  };
}

/** A recommendation of the CIS Kubernetes Benchmark, numbered and titled as Prowler's public mapping has it. */
export function cisKubernetes(id: string, title: string): Control {
  return {
    framework: "CIS Kubernetes Benchmark",
    version: "2.0.1",
    id,
    title,
    source: "Prowler 5.46.0 (PyPI), prowler/compliance/kubernetes/cis_2.0.1_kubernetes.json",
  };
}
