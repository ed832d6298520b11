import { resolveAlerts } from "../../../components/observability/alerts/alert-settings";
import { objectiveRules } from "../../../components/observability/alerts/objective-rules";
import { platformRules } from "../../../components/observability/alerts/platform-rules";
import { presenceRules } from "../../../components/observability/alerts/presence-rules";
import { rolloutRules, type SharedTraffic } from "../../../components/observability/alerts/rollout-rules";
import type { RuleGroup } from "../../../components/observability/alerts/rule";
import type { ServiceScope } from "../../../components/observability/alerts/service-scope";
import { resolveObjectives, type Objectives } from "../../../components/serving/objectives";

export const BASE_URL = "https://docs.example/runbooks";

export const SCOPE: ServiceScope = {
  namespace: "models",
  service: "text",
  servers: ["text"],
  minimums: { text: 2 },
  mayWait: false,
};
export const GATEWAY_JOB = "monitoring/prometheus-proxies-0";

export const platform = (settings: Parameters<typeof resolveAlerts>[0] = {}): RuleGroup[] =>
  platformRules(
    "models",
    [{ namespace: "gateways", job: GATEWAY_JOB }],
    resolveAlerts({ runbookBaseUrl: BASE_URL, ...settings }),
  );

export const presence = (change: Partial<ServiceScope> = {}): RuleGroup[] =>
  presenceRules({ ...SCOPE, ...change }, BASE_URL);

export const objectives = (given: Objectives, change: Partial<ServiceScope> = {}): RuleGroup[] =>
  objectiveRules({ ...SCOPE, ...change }, resolveObjectives(given), BASE_URL);

export const rollout = (traffic: SharedTraffic, change: Partial<ServiceScope> = {}): RuleGroup[] =>
  rolloutRules({ ...SCOPE, servers: ["text-blue", "text-green"], ...change }, traffic, BASE_URL);
