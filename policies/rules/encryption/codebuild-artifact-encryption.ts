import { inputRule } from "../../model/input-rule";

export const codebuildArtifactEncryption = inputRule(
  {
    id: "codebuild-artifact-encryption",
    title: "Artifacts of builds are encrypted",
    severity: "medium",
    description:
      "What a build leaves in a bucket is code and what was built from it; `encryptionDisabled` keeps it in plain text.",
    remediation: 'artifacts: { type: "S3", location: bucket.bucket } // without encryptionDisabled',
    types: ["aws:codebuild/project:Project"],
    controls: [],
  },
  (fields) => {
    const all = [fields.get("artifacts"), ...fields.get("secondaryArtifacts").items()];
    const plain = all.some((artifacts) => !artifacts.get("encryptionDisabled").isOff());
    return plain ? "must not set `artifacts.encryptionDisabled`." : undefined;
  },
);
