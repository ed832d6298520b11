import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const memorydbTransitEncryption = inputRule(
  {
    id: "memorydb-transit-encryption",
    title: "MemoryDB is reached by TLS only",
    severity: "high",
    description: "Without TLS a cluster takes no users either: everyone who reaches it may read and write.",
    remediation: "new aws.memorydb.Cluster(name, { tlsEnabled: true, aclName, nodeType })",
    types: ["aws:memorydb/cluster:Cluster"],
    controls: [],
  },
  (cluster) => {
    const enabled = cluster.get("tlsEnabled");
    return !enabled.exists() || isOn(enabled) ? undefined : "must not switch `tlsEnabled` off.";
  },
);
