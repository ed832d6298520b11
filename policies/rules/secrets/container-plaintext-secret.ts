import { nsaCisa } from "../../model/controls";
import { credentialAt, credentialIn } from "../../model/credentials";
import type { Field } from "../../model/field";
import { credentialInHeader } from "../../model/header-credentials";
import { containerRule } from "../../model/pods";

/** `--password=hunter2` as key and value; a switch whose value is the next argument is judged by that text. */
const SWITCH = /^--?([\w.-]+)=(.+)$/s;

function inArguments(container: Field): string | undefined {
  for (const text of ["command", "args"].flatMap((list) => container.get(list).strings())) {
    const [, key = "", value = ""] = SWITCH.exec(text) ?? [];
    const found = key === "" ? credentialIn(text) : credentialAt(key, value);
    if (found !== undefined) return `must not have ${found} in its command line.`;
  }
  return undefined;
}

function inEnvironment(container: Field): string | undefined {
  for (const variable of container.get("env").items()) {
    const name = variable.get("name").string() ?? "";
    const value = variable.get("value");
    // An unknown value comes from another resource, not from the text of the program.
    if (value.isUnknown) continue;
    const found = credentialAt(name, value.string() ?? "");
    if (found !== undefined) return `must not have ${found} in environment variable \`${name}\`.`;
  }
  return undefined;
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
const HOOKS = ["postStart", "preStop"];

function inHeaders(container: Field): string | undefined {
  const callers = [
    ...PROBES.map((probe) => container.get(probe)),
    ...HOOKS.map((hook) => container.get("lifecycle", hook)),
  ];
  for (const header of callers.flatMap((caller) => caller.get("httpGet", "httpHeaders").items())) {
    const name = header.get("name").string() ?? "";
    const value = header.get("value");
    const found = value.isUnknown ? undefined : credentialInHeader(name, value.string() ?? "");
    if (found !== undefined) return `must not have ${found} in its probes and hooks (header \`${name}\`).`;
  }
  return undefined;
}

export const containerPlaintextSecret = containerRule(
  {
    id: "container-plaintext-secret",
    title: "No credentials in environment values, command lines and probes",
    severity: "critical",
    description: "They are readable in the pod spec, in the process table and in every crash report.",
    remediation:
      'volumes: [{ name: "key", secret: { secretName: secret.metadata.name } }] // and mount it as a file',
    controls: [nsaCisa("C-0012", "Applications credentials in configuration files")],
  },
  (container) => inEnvironment(container) ?? inArguments(container) ?? inHeaders(container),
);
