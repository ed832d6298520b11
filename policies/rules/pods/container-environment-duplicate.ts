import { containerRule } from "../../model/pods";

export const containerEnvironmentDuplicate = containerRule(
  {
    id: "container-environment-duplicate",
    title: "Containers say each environment variable once",
    severity: "low",
    description:
      "Of two entries of one name the last holds, and a server-side apply may keep either: what was set for safety further up is silently undone.",
    remediation: 'env: [{ name: "MODE", value: "safe" }] // once',
  },
  (container) => {
    const names = container
      .get("env")
      .items()
      .map((variable) => variable.get("name").string() ?? "");
    const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
    return twice === undefined ? undefined : `must set the environment variable \`${twice}\` once.`;
  },
);
