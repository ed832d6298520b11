import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

interface Engine {
  readonly families: RegExp;
  readonly parameter: string;
  /** Families in which it is on unless switched off. */
  readonly byDefault?: RegExp;
}

const ENGINES: readonly Engine[] = [
  { families: /^aurora-postgresql/, parameter: "rds.force_ssl", byDefault: /postgresql(?:1[7-9]|[2-9]\d)/ },
  { families: /^postgres/, parameter: "rds.force_ssl", byDefault: /^postgres(?:1[5-9]|[2-9]\d)/ },
  { families: /^sqlserver-/, parameter: "rds.force_ssl" },
  { families: /^(?:aurora-)?mysql/, parameter: "require_secure_transport", byDefault: /mysql(?:8\.4|9)/ },
  { families: /^mariadb/, parameter: "require_secure_transport", byDefault: /^mariadb(?:11\.8|12)/ },
  { families: /^docdb/, parameter: "tls", byDefault: /^docdb/ },
  { families: /^neptune/, parameter: "neptune_enforce_ssl", byDefault: /^neptune/ },
  { families: /^redshift-/, parameter: "require_ssl", byDefault: /^redshift-2/ },
];

/** The engines' words for on; DocumentDB's name a version too. */
const ON = /^(?:1|on|true|enabled|tls1\.[23]\+|fips-140-3)$/i;

export const databaseRequiresTls = inputRule(
  {
    id: "database-requires-tls",
    title: "Databases accept TLS connections only",
    severity: "high",
    description: "Most engines let a client choose plain text unless a parameter forbids it.",
    remediation:
      'parameters: [{ name: "rds.force_ssl", value: "1" }] // MySQL and MariaDB: require_secure_transport',
    types: [
      "aws:rds/parameterGroup:ParameterGroup",
      "aws:rds/clusterParameterGroup:ClusterParameterGroup",
      "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
      "aws:neptune/clusterParameterGroup:ClusterParameterGroup",
      "aws:redshift/parameterGroup:ParameterGroup",
    ],
    controls: [
      ...awsControls("rds_instance_transport_encrypted"),
      awsFoundational("Redshift.2", "Connections to Amazon Redshift clusters should be encrypted in transit"),
    ],
  },
  (group, { type }) => {
    const family = group.get("family").string() ?? "";
    // Aurora has this parameter in the cluster's group only.
    if (type === "aws:rds/parameterGroup:ParameterGroup" && family.startsWith("aurora")) return undefined;
    const engine = ENGINES.find(({ families }) => families.test(family));
    if (!engine) return undefined;
    const parameter = group
      .get("parameters")
      .items()
      .find((item) => item.get("name").string() === engine.parameter);
    const value = parameter?.get("value");
    const forced = value?.exists() ? ON.test(value.show()) : engine.byDefault?.test(family);
    return forced
      ? undefined
      : `must set parameter \`${engine.parameter}\`, so that no client connects without TLS.`;
  },
);
