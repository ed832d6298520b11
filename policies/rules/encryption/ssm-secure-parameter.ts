import { credentialAt } from "../../model/credentials";
import { inputRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

export const ssmSecureParameter = inputRule(
  {
    id: "ssm-secure-parameter",
    title: "Credentials in Parameter Store are SecureStrings",
    severity: "critical",
    description:
      "A parameter of type String is stored and shown in plain to everyone who may read parameters.",
    remediation:
      'new aws.ssm.Parameter(name, { type: "SecureString", value: pulumi.secret(value), keyId: key.id })',
    types: ["aws:ssm/parameter:Parameter"],
    controls: [],
  },
  (parameter, { name }) => {
    const type = parameter.get("type");
    if (type.string() === "SecureString") return undefined;
    const path = parameter.get("name");
    // Pulumi adds random characters to the names that it makes: its own name of the resource tells as much.
    const keys = [(path.isUnknown ? undefined : path.string()) ?? "", name];
    const text = [parameter.get("value"), parameter.get("insecureValue")].map(asText).join("");
    const found = keys.map((key) => credentialAt(key.split("/").at(-1) ?? "", text)).find((kind) => kind);
    return found && `must have type SecureString: it holds ${found}.`;
  },
);
