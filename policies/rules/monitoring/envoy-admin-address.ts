import type { ResourceRule } from "../../model/rule";

const EVERYWHERE = String.raw`["']?(?:0\.0\.0\.0|::)["']?`;

/** The section `admin` of a bootstrap configuration with an address that every interface has: the lines below it, or its braces. */
const OPEN_ADMIN = [
  new RegExp(
    String.raw`(?:^|\n)([ \t]*)admin:[ \t]*\n(?:\1[ \t]+.*\n)*?\1[ \t]+.*\baddress:[ \t]*${EVERYWHERE}`,
  ),
  new RegExp(String.raw`"admin"\s*:\s*\{[^[\]]{0,300}?"address"\s*:\s*${EVERYWHERE}`),
];

/** Only Envoy calls it so: other programs have sections of the name `admin` too. */
const ENVOY = /socket_?address/i;

function isOpen(text: string): boolean {
  return ENVOY.test(text) && OPEN_ADMIN.some((pattern) => pattern.test(text));
}

export const envoyAdminAddress: ResourceRule = {
  id: "envoy-admin-address",
  title: "Envoy's admin interface listens inside its pod only",
  severity: "critical",
  description:
    "It has no authentication, shows configuration and certificates, and ends the process on a request to /quitquitquit.",
  remediation: "admin: { address: { socket_address: { address: 127.0.0.1, port_value: 19000 } } }",
  types: ["kubernetes:gateway.envoyproxy.io/*:EnvoyProxy", "kubernetes:core/*:ConfigMap"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const bootstrap = subject.fields.get("spec", "bootstrap");
    const texts = [
      bootstrap.get("value"),
      ...subject.fields
        .get("data")
        .entries()
        .map(([, text]) => text),
    ];
    for (const text of texts) {
      verdict.judge(subject, () => {
        if (isOpen(text.string() ?? "")) {
          verdict.fail(subject, `must bind Envoy's admin interface to 127.0.0.1 in \`${text.path}\`.`);
        }
      });
    }
    for (const patch of bootstrap.get("jsonPatches").items()) {
      verdict.judge(subject, () => {
        const path = patch.get("path").string() ?? "";
        const value = JSON.stringify(patch.get("value").value() ?? "");
        if (path.startsWith("/admin") && /"(?:0\.0\.0\.0|::)"/.test(value)) {
          verdict.fail(subject, `must bind Envoy's admin interface to 127.0.0.1 in \`${patch.path}\`.`);
        }
      });
    }
  },
};
