import type { Field } from "../../model/field";
import { grantOf, isEverything, isForAnyResource, isNarrowed } from "../../model/iam-policies";
import { conditionsOf, isOpenToEveryone, statementsOf } from "../../model/iam-statements";
import { eachRule } from "../../model/input-rule";

const isWhole = (action: string): boolean => isEverything(action) || /^[a-z0-9-]+:\*+$/.test(action);

/** Whether a statement lets everybody do everything with everything of the service. @throws UnknownRead */
function allowsAll(statement: Field): boolean {
  const grant = grantOf(statement);
  if (grant === undefined || !isOpenToEveryone(statement) || isNarrowed(grant)) return false;
  return (statement.get("NotAction").exists() || grant.actions.some(isWhole)) && isForAnyResource(grant);
}

/** A denial by which a perimeter is drawn around what another statement allows. @throws UnknownRead */
function drawsPerimeter(statement: Field): boolean {
  if (statement.get("Effect").string() !== "Deny") return false;
  if (statement.get("NotResource").exists() || statement.get("NotPrincipal").exists()) return true;
  return conditionsOf(statement).some(({ key }) => /^(?:aws:(?:principal|resource)|s3:resource)/.test(key));
}

export const vpcEndpointPolicyOpen = eachRule<Field>(
  {
    id: "vpc-endpoint-policy-open",
    title: "Policies of VPC endpoints say what may pass through",
    severity: "medium",
    description:
      "A policy that allows everybody everything lets data go to the buckets, tables and queues of any account in the world, from a network that has no other way out.",
    remediation:
      '{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-…", "aws:ResourceOrgID": "o-…" } } }',
    types: ["aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"],
    controls: [],
  },
  (endpoint) => {
    const statements = statementsOf(endpoint.get("policy"));
    return statements.some(drawsPerimeter) ? [] : statements;
  },
  (statement) =>
    allowsAll(statement)
      ? "must name resources or accounts: its policy allows everybody everything."
      : undefined,
);
