import { inputRule } from "../../model/input-rule";

export const fsxKmsEncryption = inputRule(
  {
    id: "fsx-kms-encryption",
    title: "FSx file systems use a KMS key of your own",
    severity: "low",
    description:
      "FSx always encrypts; only with a key of your own can access to the data be audited and revoked.",
    remediation: "kmsKeyId: key.arn",
    types: [
      "aws:fsx/lustreFileSystem:LustreFileSystem",
      "aws:fsx/ontapFileSystem:OntapFileSystem",
      "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
      "aws:fsx/windowsFileSystem:WindowsFileSystem",
    ],
    controls: [],
  },
  (system) => ((system.get("kmsKeyId").string() ?? "") === "" ? "must set `kmsKeyId`." : undefined),
);
