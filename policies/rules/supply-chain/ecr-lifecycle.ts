import { awsControls } from "../../model/aws-controls";
import type { StackRule } from "../../model/rule";

export const ecrLifecycle: StackRule = {
  id: "ecr-lifecycle",
  title: "ECR repositories forget old images",
  severity: "low",
  description:
    "Images that nobody deploys any more are stored, paid for and, with all their holes, still there to be pulled.",
  remediation: "new aws.ecr.LifecyclePolicy(name, { repository: repository.name, policy })",
  types: ["aws:ecr/*:Repository"],
  controls: awsControls("ecr_repositories_lifecycle_policy_enabled"),
  scope: "stack",
  check(stack, verdict) {
    const policies = stack.ofTypes(["aws:ecr/*:LifecyclePolicy"]);
    const sources = new Set(policies.flatMap(({ dependencies }) => dependencies?.["repository"] ?? []));
    const names = new Set(
      policies.flatMap(({ fields }) => {
        const repository = fields.get("repository");
        return repository.isUnknown ? [] : (repository.string() ?? []);
      }),
    );
    const open = policies.some(
      ({ fields, dependencies }) =>
        fields.get("repository").isUnknown && (dependencies?.["repository"] ?? []).length === 0,
    );
    for (const repository of stack.ofTypes(["aws:ecr/*:Repository"])) {
      verdict.judge(repository, () => {
        if (sources.has(repository.urn)) return;
        const name = repository.fields.get("name");
        if (name.exists() && names.has(name.string() ?? "")) return;
        if (open) verdict.indeterminate(repository, "may have a LifecyclePolicy that is not known yet.");
        else verdict.fail(repository, "must have a LifecyclePolicy.");
      });
    }
  },
};
