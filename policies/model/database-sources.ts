import type { Field } from "./field";

/** What a database can be made of. */
const SOURCES = [
  "replicateSourceDb",
  "snapshotIdentifier",
  "replicationSourceIdentifier",
  "sourceDbClusterIdentifier",
  "restoreToPointInTime",
];

/** Whether a database is a replica or a copy, which is encrypted as its source unless it says otherwise. @throws UnknownRead */
export function isMadeOfAnother(database: Field): boolean {
  return SOURCES.map((source) => database.get(source)).some(
    (source) => source.exists() && source.value() !== "",
  );
}
