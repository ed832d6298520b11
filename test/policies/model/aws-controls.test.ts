import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import { awsControls } from "../../../policies/model/aws-controls";
import type { Control } from "../../../policies/model/controls";
import mappings from "../../../policies/model/prowler-mappings.json";
import titlesByFile from "../fixtures/prowler-titles.json";

const places = (controls: readonly Control[]): string[] =>
  controls.map(({ framework, version, id }) => `${framework} ${version}: ${id}`);

/** Of the published documents, read there and not in Prowler's files. */
const PUBLISHED: readonly [check: string, place: string, title: string][] = [
  [
    "s3_bucket_secure_transport_policy",
    "AWS Foundational Security Best Practices 1.0.0: S3.5",
    "S3 buckets should require requests to use Secure Socket Layer",
  ],
  [
    "eks_cluster_kms_cmk_encryption_in_secrets_enabled",
    "AWS Foundational Security Best Practices 1.0.0: EKS.3",
    "EKS clusters should use encrypted Kubernetes secrets",
  ],
  [
    "kms_cmk_rotation_enabled",
    "NIST SP 800-53 Revision 5: SC-12",
    "Cryptographic Key Establishment And Management",
  ],
  ["ec2_ebs_volume_encryption", "ISO/IEC 27001 2022: A.8.24", "Use of Cryptography"],
  [
    "ec2_ebs_volume_encryption",
    "PCI DSS 4.0: 3.5.1",
    "Primary account number (PAN) is secured wherever it is stored.",
  ],
  [
    "efs_encryption_at_rest_enabled",
    "CIS Amazon Web Services Foundations Benchmark 7.0.0: 3.3.1",
    "Ensure that encryption is enabled for EFS file systems",
  ],
];

describe("awsControls", () => {
  for (const [check, place, title] of PUBLISHED) {
    it(`maps ${check} to ${place}`, () => {
      const control = awsControls(check).find((candidate) => places([candidate])[0] === place);
      assert.strictEqual(control?.title, title);
      assert.match(control.source, new RegExp(`^Prowler 5\\.46\\.0 .*, check ${check}$`));
    });
  }

  it("names a control once where several checks map to it", () => {
    const both = places(awsControls("rds_instance_storage_encrypted", "rds_cluster_storage_encrypted"));
    assert.strictEqual(new Set(both).size, both.length);
    assert.ok(both.includes("AWS Foundational Security Best Practices 1.0.0: RDS.27"));
    assert.ok(both.includes("AWS Foundational Security Best Practices 1.0.0: RDS.3"));
  });

  it("refuses a check that Prowler does not map", () => {
    assert.throws(
      () => awsControls("s3_bucket_is_nice"),
      /prowler-mappings\.json has no check `s3_bucket_is_nice`: extract it, or map no control\./,
    );
  });

  it("leaves out what an organisation settles on paper", () => {
    const ids = Object.keys(mappings.documents.nist.titles);
    assert.deepStrictEqual(
      ids.filter((id) => /^(?:PM|PS|PL|SA)-|^..-1(?:\(|$)/.test(id)),
      [],
    );
  });
});

describe("Every control of the catalog that Prowler maps", () => {
  const documents = Object.entries(mappings.documents);
  const checks: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = mappings.checks;
  const titles: Readonly<Record<string, Readonly<Record<string, string>>>> = titlesByFile;

  const isInExtract = ({ framework, version, id, title }: Control, file: string, check: string): boolean => {
    const [key = "", document] = documents.find(([, candidate]) => candidate.file === file) ?? [];
    const known: Readonly<Record<string, string>> = document?.titles ?? {};
    const same = document?.framework === framework && document.version === version && known[id] === title;
    return same && (checks[check]?.[key] ?? []).includes(id);
  };

  it("stands in the extract as the rule has it: document, version, number and title", () => {
    const wrong: string[] = [];
    for (const { rule } of catalog) {
      for (const control of rule.controls) {
        const [, file, check] =
          /^Prowler 5\.46\.0 \(PyPI\), prowler\/compliance\/([^\s,]+)(?:, check (\w+))?/.exec(
            control.source,
          ) ?? [];
        if (file === undefined) continue;
        const { framework, version, id, title } = control;
        const known = check === undefined ? titles[file]?.[id] === title : isInExtract(control, file, check);
        if (!known) wrong.push(`${rule.id}: ${framework} ${version} ${id} “${title}”`);
      }
    }
    assert.deepStrictEqual(wrong, []);
  });

  it("would be missed if a title or number were another", () => {
    const [control] = awsControls("efs_encryption_at_rest_enabled");
    assert.ok(control && isInExtract(control, "aws/cis_7.0_aws.json", "efs_encryption_at_rest_enabled"));
    for (const change of [{ id: "3.3.2" }, { title: "EFS" }, { version: "7" }, { framework: "CIS" }]) {
      assert.ok(
        !isInExtract({ ...control, ...change }, "aws/cis_7.0_aws.json", "efs_encryption_at_rest_enabled"),
      );
    }
    assert.ok(!isInExtract(control, "aws/cis_7.0_aws.json", "ec2_ebs_volume_encryption"));
  });
});
