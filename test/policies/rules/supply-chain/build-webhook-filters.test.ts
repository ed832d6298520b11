import { buildWebhookFilters } from "../../../../policies/rules/supply-chain/build-webhook-filters";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const webhook = (props: object) =>
  put("webhook", "aws:codebuild/webhook:Webhook", { projectName: "build", buildType: "BUILD", ...props });
const groups = (...all: object[][]) => ({ filterGroups: all.map((filters) => ({ filters })) });

const event = (pattern: unknown) => ({ type: "EVENT", pattern });
const PUSH = event("PUSH");
const PULL_REQUEST = event("PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED");
const MAIN = { type: "BASE_REF", pattern: "^refs/heads/main$" };
const ACTORS = { type: "ACTOR_ACCOUNT_ID", pattern: "^(81520934|77310268)$" };

const approval = (requiresCommentApproval: unknown) => ({
  pullRequestBuildPolicy: { requiresCommentApproval },
});

describeRule(buildWebhookFilters, {
  good: {
    "pushes alone": webhook(groups([PUSH])),
    "what is merged": webhook(groups([event("PULL_REQUEST_MERGED"), MAIN])),
    "pull requests of some": webhook(groups([PULL_REQUEST, ACTORS])),
    "pull requests that are approved": webhook({
      ...groups([PULL_REQUEST]),
      ...approval("FORK_PULL_REQUESTS"),
    }),
    "no groups, and approval": webhook(approval("ALL_PULL_REQUESTS")),
    "a branch": webhook({ branchFilter: "^main$" }),
    "a runner": webhook({ buildType: "RUNNER_BUILDKITE_BUILD" }),
  },
  bad: {
    none: webhook({}),
    "no groups in the list": webhook({ filterGroups: [] }),
    "every branch": webhook({ branchFilter: ".*" }),
    "a file alone": webhook(groups([{ type: "FILE_PATH", pattern: "^src/" }])),
    "every event": webhook(groups([event(".*")])),
    "everyone's pull requests": webhook(groups([PULL_REQUEST, MAIN])),
    "every actor": webhook(groups([PULL_REQUEST, { ...ACTORS, pattern: "^.*$" }])),
    "actors whose number another's can contain": webhook(
      groups([PULL_REQUEST, { ...ACTORS, pattern: "81520934" }]),
    ),
    "everyone but some": webhook(groups([PULL_REQUEST, { ...ACTORS, excludeMatchedPattern: true }])),
    "approval switched off": webhook({ ...groups([PULL_REQUEST]), ...approval("DISABLED") }),
  },
  partial: { "one of two groups": webhook(groups([PUSH, MAIN], [PULL_REQUEST])) },
  wrongType: { "an event that is no text": webhook(groups([event(true), { type: "EVENT", pattern: "" }])) },
  unknown: {
    groups: webhook({ filterGroups: UNKNOWN }),
    event: webhook(groups([event(UNKNOWN)])),
    actors: webhook(groups([PULL_REQUEST, { ...ACTORS, pattern: UNKNOWN }])),
    approval: webhook({ ...groups([PULL_REQUEST]), pullRequestBuildPolicy: UNKNOWN }),
  },
});
