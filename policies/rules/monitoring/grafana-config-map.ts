import type { ResourceRule } from "../../model/rule";

/** The value of a key in a section of an INI file; the last one counts. */
function setting(text: string, section: string, key: string): string | undefined {
  let current = "";
  let found: string | undefined;
  for (const line of text.split("\n")) {
    const header = /^\s*\[([^\]]+)\]/.exec(line);
    if (header) current = header[1]!.trim();
    const entry = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (entry && current === section && entry[1] === key) found = entry[2];
  }
  return found;
}

const ON = /^(?:true|1|t|yes|on)$/i;

export const grafanaConfigMap: ResourceRule = {
  id: "grafana-config-map",
  title: "grafana.ini lets nobody in without a login",
  severity: "high",
  description:
    "Anonymous access shows every dashboard, and a password in a ConfigMap, most of all the default one, is no password.",
  remediation:
    "[auth.anonymous] enabled = false; admin_password = $__file{/etc/grafana/admin/password} // of a mounted Secret",
  types: ["kubernetes:core/*:ConfigMap"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const [key, field] of subject.fields.get("data").entries()) {
      if (!/(?:^|[-_.])grafana\.ini$/.test(key)) continue;
      verdict.judge(subject, () => {
        const text = field.string() ?? "";
        if (ON.test(setting(text, "auth.anonymous", "enabled") ?? "")) {
          verdict.fail(subject, `must not turn on \`auth.anonymous\` in \`${key}\`.`);
        }
        const password = setting(text, "security", "admin_password") ?? "";
        if (password !== "" && !password.startsWith("$")) {
          verdict.fail(subject, `must not hold \`admin_password\` in \`${key}\`.`);
        }
      });
    }
  },
};
