import { containerRule } from "../../model/pods";

/** Images that nobody mends any more, by what stands in their name, and where that is said. */
const UNMAINTAINED: readonly (readonly [pattern: RegExp, why: string])[] = [
  // https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/
  [/^k8s\.gcr\.io\//, "the registry k8s.gcr.io is frozen: take registry.k8s.io"],
  // https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/
  [
    /(?:^|\/)ingress-nginx\/controller(?:-chroot)?(?:[:@]|$)/,
    "ingress-nginx was retired in March 2026: take the Gateway API",
  ],
  // https://helm.sh/docs/topics/v2_v3_migration/
  [/(?:^|\/)tiller(?:[:@]|$)/, "Tiller belongs to Helm 2, which ended in 2020: take Helm 3"],
];

export const containerImageUnmaintained = containerRule(
  {
    id: "container-image-unmaintained",
    title: "Images are ones that somebody still mends",
    severity: "medium",
    description:
      "What is found in an image that has no maintainer stays open. Known are the frozen registry k8s.gcr.io, ingress-nginx and Tiller.",
    remediation: 'image: "registry.k8s.io/…@sha256:…"',
  },
  (container) => {
    const image = container.get("image").string() ?? "";
    const found = UNMAINTAINED.find(([pattern]) => pattern.test(image));
    return found && `must not run \`${image}\`: ${found[1]}.`;
  },
);
