import { credentialIn } from "../../model/credentials";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { matchesType, type TypePattern } from "../../model/type-pattern";

/** Where services and controllers are told which repository to fetch from; `*` stands for every item. */
const PLACES: readonly (readonly [
  types: readonly TypePattern[],
  ...paths: readonly (readonly string[])[],
])[] = [
  [["aws:codebuild/project:Project"], ["source", "location"], ["secondarySources", "*", "location"]],
  [["aws:amplify/app:App"], ["repository"]],
  [["aws:apprunner/service:Service"], ["sourceConfiguration", "codeRepository", "repositoryUrl"]],
  [["aws:sagemaker/codeRepository:CodeRepository"], ["gitConfig", "repositoryUrl"]],
  [
    ["aws:sagemaker/notebookInstance:NotebookInstance"],
    ["defaultCodeRepository"],
    ["additionalCodeRepositories", "*"],
  ],
  [
    ["kubernetes:argoproj.io/*:Application"],
    ["spec", "source", "repoURL"],
    ["spec", "sources", "*", "repoURL"],
  ],
  [
    ["kubernetes:argoproj.io/*:ApplicationSet"],
    ["spec", "generators", "*", "git", "repoURL"],
    ["spec", "template", "spec", "source", "repoURL"],
    ["spec", "template", "spec", "sources", "*", "repoURL"],
  ],
  [["kubernetes:argoproj.io/*:AppProject"], ["spec", "sourceRepos", "*"]],
  [
    [
      "kubernetes:source.toolkit.fluxcd.io/*:GitRepository",
      "kubernetes:source.toolkit.fluxcd.io/*:HelmRepository",
      "kubernetes:source.toolkit.fluxcd.io/*:OCIRepository",
    ],
    ["spec", "url"],
  ],
  [["kubernetes:helm.sh/*:Release", "kubernetes:helm.sh/*:Chart"], ["chart"], ["repositoryOpts", "repo"]],
];

/** A token in the place of the user; names of users and organisations are shorter, or have no digits. */
const TOKEN_AS_USER = /^[a-z][a-z0-9+.-]*:\/\/(?=[^@/]*\d)\w{32,}@/i;

function credentialInUrl(url: string): string | undefined {
  return credentialIn(url) ?? (TOKEN_AS_USER.test(url) ? "a URL with a token" : undefined);
}

export const repositoryUrlCredentials = eachRule<() => Field[]>(
  {
    id: "repository-url-credentials",
    title: "No credentials in the URLs of repositories",
    severity: "critical",
    description:
      "A URL is shown in consoles, logs and error messages; whoever reads it can do to the repository what its token can.",
    remediation:
      '// A connection, a SourceCredential or a Secret holds the token.\nsource: { type: "GITHUB", location: "https://github.com/team/model.git" }',
    types: PLACES.flatMap(([types]) => types),
    controls: [],
  },
  (fields, { type }) =>
    PLACES.filter(([types]) => matchesType(type, types)).flatMap(([, ...paths]) =>
      paths.map((path) => () => fields.all(path)),
    ),
  (places) => {
    for (const place of places()) {
      const found = credentialInUrl(place.string() ?? "");
      if (found !== undefined) return `must not hold ${found} in \`${place.path}\`.`;
    }
    return undefined;
  },
);
