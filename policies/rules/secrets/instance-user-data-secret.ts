import { awsControls } from "../../model/aws-controls";
import { credentialAt, credentialIn } from "../../model/credentials";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";

/** `NAME=value`, as scripts set variables. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)=["']?([^"'\s]+)/;

function credentialInScript(text: string): string | undefined {
  const whole = credentialIn(text);
  if (whole !== undefined) return whole;
  for (const line of text.split("\n")) {
    const [, key, value] = ASSIGNMENT.exec(line) ?? [];
    const found = key === undefined ? undefined : credentialAt(key, value ?? "");
    if (found !== undefined) return `${found} (\`${key}\`)`;
  }
  return undefined;
}

/** The text as it is, and as what it may be encoded from. */
function readings(text: string): readonly string[] {
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text);
  return isBase64 ? [text, Buffer.from(text, "base64").toString("latin1")] : [text];
}

export const instanceUserDataSecret = eachRule<Field>(
  {
    id: "instance-user-data-secret",
    title: "No credentials in what machines start with",
    severity: "critical",
    description:
      "User data is readable by every process of the machine, and by everyone who may describe it.",
    remediation:
      "// The machine reads it at start, with its role.\nuserData: `#!/bin/sh\naws secretsmanager get-secret-value --secret-id ${secretName}`",
    types: [
      "aws:ec2/launchTemplate:LaunchTemplate",
      "aws:ec2/instance:Instance",
      "aws:ec2/launchConfiguration:LaunchConfiguration",
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    ],
    controls: awsControls("ec2_launch_template_no_secrets", "ec2_instance_secrets_user_data"),
  },
  (fields) => [fields.get("userData"), fields.get("userDataBase64")],
  (data) => {
    const found = readings(data.string() ?? "")
      .map(credentialInScript)
      .find((credential) => credential !== undefined);
    return found && `must not hold ${found} in \`${data.path}\`.`;
  },
);
