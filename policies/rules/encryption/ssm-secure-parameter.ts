import { credentialAt } from "../../model/credentials";
import { Field, isRecord } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

/** Names and values within a text: of a JSON object, or of what a driver takes, as `Server=db;Password=…`. */
function membersOf(text: string): (readonly [name: string, value: string])[] {
  if (text.trimStart().startsWith("{")) {
    try {
      const value: unknown = JSON.parse(text);
      return isRecord(value)
        ? Object.entries(value).map(([name, member]) => [name, asText(new Field(member))])
        : [];
    } catch {
      return [];
    }
  }
  return text.split(/[;,&\s]+/).flatMap((part) => {
    const end = part.indexOf("=");
    return end > 0 ? [[part.slice(0, end), part.slice(end + 1)] as const] : [];
  });
}

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
    const named = [...keys.map((key) => [key.split("/").at(-1) ?? "", text] as const), ...membersOf(text)];
    const found = named.map(([key, value]) => credentialAt(key, value)).find((kind) => kind);
    return found && `must have type SecureString: it holds ${found}.`;
  },
);
