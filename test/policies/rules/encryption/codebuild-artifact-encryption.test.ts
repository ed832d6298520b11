import { codebuildArtifactEncryption } from "../../../../policies/rules/encryption/codebuild-artifact-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const project = (artifacts: unknown, secondaryArtifacts: unknown[] = []) =>
  put("project", "aws:codebuild/project:Project", { name: "build", artifacts, secondaryArtifacts });
const PLAIN = { type: "S3", location: "artifacts", encryptionDisabled: true };

describeRule(codebuildArtifactEncryption, {
  good: { "not said": project({ type: "S3" }), on: project({ type: "S3", encryptionDisabled: false }) },
  bad: { off: project(PLAIN) },
  partial: { "one of two": project({ type: "S3" }, [PLAIN]) },
  wrongType: { "a text": project({ type: "S3", encryptionDisabled: "true" }) },
  unknown: { it: project({ type: "S3", encryptionDisabled: UNKNOWN }) },
});
