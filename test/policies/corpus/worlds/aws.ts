import type { Declared } from "../model";

export const ACCOUNT = "111122223333";
export const arn = (service: string, rest: string): string =>
  `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
export const KEY = arn("kms", "key/0d990263-6ad9-4f6f-8a1c-d7d2f1e8f3f4");
export const LOGS = "central-logs";

export function aws(type: string, props: Record<string, unknown>): Declared {
  return { type: `aws:${type}`, props };
}

/** A statement of a policy, as AWS spells it. */
export type Statement = Readonly<Record<string, unknown>>;

export const document = (...statements: readonly Statement[]) => ({
  Version: "2012-10-17",
  Statement: statements,
});
export const policyText = (...statements: readonly Statement[]): string =>
  JSON.stringify(document(...statements));

export const denyPlain = (action: string, ...resources: readonly string[]): Statement => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

export const allow = (
  principal: unknown,
  action: string | readonly string[],
  resource: string | readonly string[],
  condition?: Statement,
): Statement => ({
  Effect: "Allow",
  ...(principal !== undefined && { Principal: principal }),
  Action: action,
  Resource: resource,
  ...(condition && { Condition: condition }),
});

export const TRUST = (principal: unknown, condition?: Statement): string =>
  policyText({
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...(condition && { Condition: condition }),
  });
