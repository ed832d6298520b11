/** A role's trust policy for AWS services. */
export function serviceTrust(
  service: string,
  actions: readonly string[] = ["sts:AssumeRole"],
  condition?: object,
): string {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: [...actions] };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ ...statement, ...(condition ? { Condition: condition } : {}) }],
  });
}

/** Who may take a role through EKS Pod Identity. @param condition of the session's tags, as for one service account alone */
export function podIdentityTrust(condition?: object): string {
  return serviceTrust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], condition);
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: object;
}

/** A policy that allows exactly these statements. */
export function allow(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources, condition }) => ({
      Effect: "Allow",
      Action: [...actions],
      Resource: [...resources],
      ...(condition ? { Condition: condition } : {}),
    })),
  });
}
