import { containerRule } from "../../model/pods";
import type { RuleConfig } from "../../model/rule";

/** The name with its registry: what has none is taken from Docker Hub, its official images from `library`. */
function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]/.test(first) || first === "localhost" ? image : `docker.io/${image}`;
}

/** The registries, or repositories in them, that images may come from. */
function allowedBy({ allowed }: RuleConfig): string[] {
  return Array.isArray(allowed) ? allowed.map(String) : [];
}

export const containerImageRegistry = containerRule(
  {
    id: "container-image-registry",
    title: "Images come from a registry that was chosen",
    severity: "medium",
    description:
      "Whoever may deploy can run any image of the internet, unless the registries that images come from are written down in `allowed`.",
    remediation: 'image: "registry.example/team/server@sha256:…"',
    configSchema: {
      properties: {
        allowed: {
          type: "array",
          items: { type: "string" },
          default: [],
          description:
            "Registries, or repositories in them, that images may come from, such as `registry.example/team`; without any the rule does not apply.",
        },
      },
    },
    notApplicable: (config) =>
      allowedBy(config).length === 0 ? "No registries are configured: name them in `allowed`." : undefined,
  },
  (container, _pod, config) => {
    const allowed = allowedBy(config);
    const image = container.get("image").string();
    if (image === undefined) return undefined;
    const name = fullName(image);
    return allowed.some((place) => name.startsWith(place.endsWith("/") ? place : `${place}/`))
      ? undefined
      : `must take its image from ${allowed.join(" or ")}, not \`${image}\`.`;
  },
);
