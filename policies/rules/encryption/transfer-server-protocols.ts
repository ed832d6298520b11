import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";
import { asText } from "../../model/scalars";

export const transferServerProtocols = inputRule(
  {
    id: "transfer-server-protocols",
    title: "File transfer does not use FTP",
    severity: "high",
    description: "FTP sends passwords and files in plain text.",
    remediation: 'new aws.transfer.Server(name, { protocols: ["SFTP"] })',
    types: ["aws:transfer/server:Server"],
    controls: awsControls("transfer_server_in_transit_encryption_enabled"),
  },
  (server) =>
    oneOrMany(server.get("protocols")).map(asText).includes("FTP")
      ? "must not offer protocol FTP."
      : undefined,
);
