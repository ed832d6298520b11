import { transferServerProtocols } from "../../../../policies/rules/encryption/transfer-server-protocols";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const server = (more: Record<string, unknown>) =>
  put("server", "aws:transfer/server:Server", {
    endpointType: "VPC",
    loggingRole: "arn",
    structuredLogDestinations: ["arn"],
    securityPolicyName: "TransferSecurityPolicy-2024-01",
    ...more,
  });

describeRule(transferServerProtocols, {
  good: { "by default": server({}), "SFTP and FTPS": server({ protocols: ["SFTP", "FTPS"] }) },
  bad: { FTP: server({ protocols: ["FTP"] }) },
  partial: { "FTP beside SFTP": server({ protocols: ["SFTP", "FTP"] }) },
  wrongType: { "a text instead of a list": server({ protocols: "FTP" }) },
  unknown: { protocols: server({ protocols: UNKNOWN }) },
});
