import type { Field } from "../../model/field";
import { coversAction } from "../../model/iam-policies";
import { conditionsOf, statementsOf, textsOf } from "../../model/iam-statements";
import { eachRule } from "../../model/input-rule";
import { type Denial, denialIn } from "../../model/secure-transport";

const MOUNT = "elasticfilesystem:clientmount";
const coversMount = (actions: readonly string[]): boolean =>
  actions.some((action) => coversAction(action, MOUNT));
const actionsOf = (statement: Field): string[] =>
  textsOf(statement.get("Action")).map((action) => action.toLowerCase());

/** @throws UnknownRead */
function grantsPlainMounts(statement: Field): boolean {
  if (statement.get("Effect").string() !== "Allow") return false;
  if (!statement.get("NotAction").exists() && !coversMount(actionsOf(statement))) return false;
  return !conditionsOf(statement).some(
    ({ operator, key, values }) =>
      key === "aws:securetransport" &&
      /^bool(?:ifexists)?$/.test(operator) &&
      values.join().toLowerCase() === "true",
  );
}

interface Grant {
  readonly statement: Field;
  readonly denial: Denial;
}

export const efsPolicySecureTransport = eachRule<Grant>(
  {
    id: "efs-policy-secure-transport",
    title: "Policies of file systems grant no mounts without TLS",
    severity: "high",
    description:
      "Whether files travel in plain text is the client's choice, unless the file system's policy refuses mounts without TLS.",
    remediation:
      '{ Effect: "Deny", Principal: { AWS: "*" }, Action: "*", Resource: fileSystem.arn, Condition: { Bool: { "aws:SecureTransport": "false" } } }',
    types: ["aws:efs/fileSystemPolicy:FileSystemPolicy"],
    controls: [],
  },
  (fields) => {
    const policy = fields.get("policy");
    const denial = denialIn(policy, { coversActions: coversMount });
    return denial === "denies" ? [] : statementsOf(policy).map((statement) => ({ statement, denial }));
  },
  ({ statement, denial }) => {
    if (!grantsPlainMounts(statement)) return undefined;
    return denial === "unknown"
      ? { doubt: "grants mounts without TLS, unless a statement denies them that is not known yet." }
      : "must deny mounts without TLS (`aws:SecureTransport`), or ask for TLS where it grants them.";
  },
);
