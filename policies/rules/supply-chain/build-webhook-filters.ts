import type { Field } from "../../model/field";
import { eachRule, type Problem } from "../../model/input-rule";

/** Patterns that every text matches. */
const EVERYTHING = /^\^?(?:\.[*+])?\$?$/;

/** Events that anyone can cause who may open a pull request; what is merged, somebody has approved. */
const STRANGERS_EVENTS = /^PULL_REQUEST_(?:CREATED|UPDATED|REOPENED|CLOSED)$/;

/** A pattern of account numbers that no longer number can contain. */
const ANCHORED = /^\^.+\$$/s;

/** Whether a stranger may cause the events of a group. @throws UnknownRead */
function isOpenToStrangers(filters: readonly Field[]): boolean {
  const events = filters.filter((filter) => filter.get("type").string() === "EVENT");
  if (events.length === 0) return true;
  return events.every((filter) => {
    const names = (filter.get("pattern").string() ?? "").split(",").map((name) => name.trim());
    return (
      filter.get("excludeMatchedPattern").isTrue() ||
      names.some((name) => STRANGERS_EVENTS.test(name) || EVERYTHING.test(name))
    );
  });
}

/** @throws UnknownRead */
function namesActors(filters: readonly Field[]): boolean {
  return filters.some((filter) => {
    const pattern = filter.get("pattern").string() ?? "";
    return (
      filter.get("type").string() === "ACTOR_ACCOUNT_ID" &&
      filter.get("excludeMatchedPattern").isOff() &&
      ANCHORED.test(pattern) &&
      !EVERYTHING.test(pattern)
    );
  });
}

/** Whether somebody has to approve a stranger's pull request first. @throws UnknownRead */
function asksForApproval(fields: Field): boolean {
  return ["ALL_PULL_REQUESTS", "FORK_PULL_REQUESTS"].includes(
    fields.get("pullRequestBuildPolicy", "requiresCommentApproval").string() ?? "",
  );
}

/** @throws UnknownRead */
function inGroup(group: Field, fields: Field): Problem {
  const filters = group.get("filters").items();
  if (!isOpenToStrangers(filters) || namesActors(filters) || asksForApproval(fields)) return undefined;
  return (
    `must not build everyone's pull requests (\`${group.path}\`): ` +
    "add a filter of ACTOR_ACCOUNT_ID with a pattern in `^…$`, or a `pullRequestBuildPolicy`."
  );
}

/** @throws UnknownRead */
function withoutGroups(fields: Field): Problem {
  if (!EVERYTHING.test(fields.get("branchFilter").string() ?? "") || asksForApproval(fields))
    return undefined;
  return "must give `filterGroups`: without them every push and every pull request starts a build.";
}

export const buildWebhookFilters = eachRule<() => Problem>(
  {
    id: "build-webhook-filters",
    title: "Webhooks of CodeBuild start no builds for strangers",
    severity: "high",
    description:
      "A build runs what the pull request says with the project's role and secrets; without a filter anyone may send one.",
    remediation:
      'filterGroups: [{ filters: [{ type: "EVENT", pattern: "PUSH" }, { type: "HEAD_REF", pattern: "^refs/heads/main$" }] }]',
    types: ["aws:codebuild/webhook:Webhook"],
    controls: [],
  },
  (fields) => {
    // A runner's webhook takes jobs of another system, which has filters of its own.
    if ((fields.get("buildType").string() ?? "").startsWith("RUNNER")) return [];
    const groups = fields.get("filterGroups").items();
    return groups.length === 0
      ? [() => withoutGroups(fields)]
      : groups.map((group) => () => inGroup(group, fields));
  },
  (problem) => problem(),
);
