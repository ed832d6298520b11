import { nsaCisa } from "../../model/controls";
import { credentialAt } from "../../model/credentials";
import type { ResourceRule } from "../../model/rule";

export const configMapPlaintextSecret: ResourceRule = {
  id: "config-map-plaintext-secret",
  title: "No credentials in ConfigMaps",
  severity: "critical",
  description:
    "A ConfigMap is readable by everyone who may read configuration, and stands in Pulumi's state and in etcd as plain text.",
  remediation: "new kubernetes.core.v1.Secret(name, { stringData: { key: pulumi.secret(value) } })",
  types: ["kubernetes:core/*:ConfigMap"],
  controls: [nsaCisa("C-0012", "Applications credentials in configuration files")],
  scope: "resource",
  check(subject, verdict) {
    for (const list of ["data", "binaryData"]) {
      verdict.judge(subject, () => {
        for (const [key, field] of subject.fields.get(list).entries()) {
          verdict.judge(subject, () => {
            const text = field.string() ?? "";
            const found = credentialAt(
              key,
              list === "data" ? text : Buffer.from(text, "base64").toString("latin1"),
            );
            if (found !== undefined)
              verdict.fail(subject, `must not hold ${found} (\`${list}\`, key \`${key}\`).`);
          });
        }
      });
    }
  },
};
