import { cisEks } from "../../model/controls";
import { awsControls } from "../../model/aws-controls";
import type { Field } from "../../model/field";
import { coversAction } from "../../model/iam-policies";
import type { StackRule } from "../../model/rule";
import type { Subject } from "../../model/subject";

/** Whether one of the filters is for a repository: one without `*` is for every name that has it within. @throws UnknownRead */
function picks(filters: Field, repository: Subject): boolean {
  return filters.items().some((filter) => {
    const pattern = filter.get("filter").string();
    if (pattern === undefined || /^\*+$/.test(pattern)) return pattern !== undefined;
    const name = repository.fields.get("name").string() ?? repository.name;
    return pattern.includes("*") ? coversAction(pattern, name) : name.includes(pattern);
  });
}

export const ecrScanOnPush: StackRule = {
  id: "ecr-scan-on-push",
  title: "Images are scanned when they are pushed to ECR",
  severity: "medium",
  description: "An image that nobody scans keeps its known holes until somebody else finds them.",
  remediation:
    "imageScanningConfiguration: { scanOnPush: true } // or a RegistryScanningConfiguration for all",
  types: ["aws:ecr/*:Repository"],
  controls: [
    ...awsControls("ecr_repositories_scan_images_on_push_enabled"),
    cisEks(
      "5.1.1",
      "Ensure Image Vulnerability Scanning using Amazon ECR image scanning or a third party provider",
    ),
  ],
  scope: "stack",
  check(stack, verdict) {
    const registries = stack.ofTypes(["aws:ecr/*:RegistryScanningConfiguration"]);
    for (const repository of stack.ofTypes(["aws:ecr/*:Repository"])) {
      verdict.judge(repository, () => {
        if (repository.fields.get("imageScanningConfiguration", "scanOnPush").isTrue()) return;
        // The registry's own configuration holds for every repository that its filters pick.
        const byRegistry = registries.some(({ fields }) =>
          fields
            .get("rules")
            .items()
            .some(
              (rule) =>
                ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"].includes(rule.get("scanFrequency").string() ?? "") &&
                picks(rule.get("repositoryFilters"), repository),
            ),
        );
        if (!byRegistry) verdict.fail(repository, "must set `imageScanningConfiguration.scanOnPush: true`.");
      });
    }
  },
};
