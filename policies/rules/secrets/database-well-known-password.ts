import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";
import { isWellKnownPassword } from "../../model/well-known-passwords";

const at =
  (...path: readonly string[]) =>
  (fields: Field): readonly Field[] => [fields.get(...path)];

/** Where the services that keep data take a password as a text. */
const PASSWORDS: Readonly<Record<string, (fields: Field) => readonly Field[]>> = {
  "aws:rds/instance:Instance": at("password"),
  "aws:rds/cluster:Cluster": at("masterPassword"),
  "aws:docdb/cluster:Cluster": at("masterPassword"),
  "aws:redshift/cluster:Cluster": at("masterPassword"),
  "aws:redshiftserverless/namespace:Namespace": at("adminUserPassword"),
  "aws:elasticache/replicationGroup:ReplicationGroup": at("authToken"),
  "aws:elasticache/user:User": (fields) => oneOrMany(fields.get("passwords")),
  "aws:memorydb/user:User": (fields) => oneOrMany(fields.get("authenticationMode", "passwords")),
  "aws:opensearch/domain:Domain": at("advancedSecurityOptions", "masterUserOptions", "masterUserPassword"),
  "aws:mq/broker:Broker": (fields) => oneOrMany(fields.get("users")).map((user) => user.get("password")),
};

export const databaseWellKnownPassword = eachRule<Field>(
  {
    id: "database-well-known-password",
    title: "Databases, caches and brokers have no well-known password",
    severity: "critical",
    description:
      "A usual word stays one with a capital, a year and an exclamation mark: lists of them are tried against everything that answers.",
    remediation: "manageMasterUserPassword: true // or: password: new random.RandomPassword(…).result",
    types: Object.keys(PASSWORDS),
    controls: [],
  },
  (fields, { type }) => PASSWORDS[type]?.(fields) ?? [],
  (password) =>
    isWellKnownPassword(password.string() ?? "")
      ? "must not have a well-known password: let the service make one, or generate it."
      : undefined,
);
