import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const rdsProxyTls = inputRule(
  {
    id: "rds-proxy-tls",
    title: "Database proxies require TLS",
    severity: "high",
    description:
      "A proxy takes plain connections unless it is told not to, whatever the database behind it asks.",
    remediation: "new aws.rds.Proxy(name, { requireTls: true, engineFamily, roleArn, vpcSubnetIds, auths })",
    types: ["aws:rds/proxy:Proxy"],
    controls: [],
  },
  (proxy) => (isOn(proxy.get("requireTls")) ? undefined : "must set `requireTls: true`."),
);
