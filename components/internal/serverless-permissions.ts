import { allow } from "./aws-policies";

/** Writing the function's own log, and nothing else. */
export function logPermissions(logGroupArn: string): string {
  return allow({
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [`${logGroupArn}:*`],
  });
}

/** Traces have no resources that a policy could name. */
export function tracePermissions(): string {
  return allow({ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] });
}

/**
 * Reading the environment. Lambda grants it to the role as it was when the function was made: one that was made anew under its
 * name would be refused without this.
 */
export function environmentPermissions(keyArn: string): string {
  return allow({ actions: ["kms:Decrypt"], resources: [keyArn] });
}

/**
 * Lambda makes the function's network interfaces with its role, in whatever subnet. The function itself must not.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
export function networkPermissions(functionArns: string): string {
  const actions = [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DetachNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: actions, Resource: ["*"] },
      {
        Effect: "Deny",
        Action: actions,
        Resource: ["*"],
        Condition: { ArnLike: { "lambda:SourceFunctionArn": [functionArns] } },
      },
    ],
  });
}
