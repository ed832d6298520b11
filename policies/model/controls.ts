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

/** A control of the NSA's and CISA's Kubernetes Hardening Guidance, numbered and titled as Kubescape's public mapping has it. */
export function nsaCisa(id: string, title: string): Control {
  return {
    framework: "NSA/CISA Kubernetes Hardening Guidance",
    version: "1.2",
    id: `Kubescape ${id}`,
    title,
    source:
      "https://github.com/kubescape/regolibrary/blob/018ee0d8121aa2ff61df1ed5bd2b858b9335ea91/frameworks/nsaframework.json",
  };
}

/** A control of AWS' best practices that no check of Prowler's is mapped to, numbered and titled as in its file. */
export function awsFoundational(id: string, title: string): Control {
  return {
    framework: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    id,
    title,
    source: "Prowler 5.46.0 (PyPI), prowler/compliance/aws/aws_foundational_security_best_practices_aws.json",
  };
}

/** A recommendation of the CIS Amazon EKS Benchmark, numbered and titled as Kubescape's public mapping has it. */
export function cisEks(id: string, title: string): Control {
  return {
    framework: "CIS Amazon EKS Benchmark",
    version: "1.8.0",
    id,
    title,
    source:
      "https://github.com/kubescape/regolibrary/blob/2447c8556d36056e617e9da494e4f07f7b821987/frameworks/cis-eks-t1.8.0.json",
  };
}
