import assert from "node:assert/strict";
import { SERVICE, reset, underLoad } from "../../bench/traffic/stage";
import { GatewayClient, inferPath } from "../../cli/gateway-client";
import { randomInputs } from "../../cli/up/proof-inputs";
import { dashboards } from "../../dashboards";
import { PrometheusApi } from "../../dashboards/pictures/prometheus-api";
import { expressionsOf, filledIn } from "../dashboards/support/expressions";
import { answerable, questionsOf, untilAnswered, type Question } from "../dashboards/support/questions";
import { loadedGroups } from "../support/loaded-rules";
import { readOutputs, readToken } from "../support/slipway";

/** Prometheus looks every 15 s, a rate needs two looks, and what is recorded of rates comes every 30 s. */
const PATIENCE_MS = 150_000;
const VARIABLES = { namespace: "slipway", rollout: SERVICE };
/** The load asks another service; this one has objectives of both kinds. */
const OTHER_MODEL = "pp-ocrv4-rec";
/**
 * Dashboards of what the local stack does not have, GPUs, or has only where somebody tells it what was right: `drift.e2e.ts` asks those.
 * `test/dashboards/stage.e2e.ts` asks every one of these queries, and those below, where there is something to see.
 */
const OF_OTHERS = new Set(["gpu", "drift"]);
/** Panels about what the local stack does not do; each says so itself where it has no series. */
const ELSEWHERE = new Set([
  // Nothing is copied to a comparator.
  "Answers that differ",
  "Distance of the distributions",
  "Answers without a partner",
  // No model asks for it.
  "Response cache",
  "Rows a run that adaptive batching allows",
  "Time that adaptive batching waits for company",
  // There is no kube-state-metrics.
  "Paid for and not used, an hour",
  "Cores reserved",
  "Reserved cores that are used",
  "Memory reserved",
  // There are no GPUs.
  "Idle GPU-hours",
  "GPUs held and busy",
  "Idle GPUs",
  "Requests a GPU-hour",
]);
/** Series that begin with the first event. */
const WITH_THE_FIRST = new Set(["Cold loads and evictions", "Alerts now", "Alerts over time"]);

/** Groups of rules that `drift.e2e.ts` asks about. */
const GROUPS_OF_OTHERS = new Set(["slipway-drift", "slipway-quality"]);
/** What rules ask about and the local stack does not have. */
const NOT_HERE = {
  DCGM_: "there are no GPUs",
  ALERTS: "its series begin with the first alert, which is none of a healthy stack",
};
/** Envoy counts a class of answers from its first on: that it has the label is all that can be asked of a healthy stack. */
const ofAnyClass = (promql: string) =>
  promql.replace('envoy_response_code_class="5"', 'envoy_response_code_class!=""');

const ofPanels = (): Question[] =>
  Object.keys(dashboards)
    .filter((name) => !OF_OTHERS.has(name))
    .flatMap((name) =>
      expressionsOf(dashboards[name]!())
        .filter(({ panel }) => !ELSEWHERE.has(panel) && !WITH_THE_FIRST.has(panel))
        .map(({ panel, expr }) => ({ of: `${name}, ${panel}`, promql: filledIn(expr, VARIABLES) })),
    );

async function ofRules(prometheus: string): Promise<Question[]> {
  const groups = (await loadedGroups(prometheus)).filter(({ name }) => !GROUPS_OF_OTHERS.has(name));
  return answerable(questionsOf(groups), NOT_HERE).map(({ of, promql }) => ({
    of,
    promql: ofAnyClass(promql),
  }));
}

describe("the queries of dashboards and rules, asked of the running Prometheus", function () {
  this.timeout(PATIENCE_MS + 60_000);

  it("give series, all but those of what the local stack does not do", async () => {
    await reset();
    const outputs = await readOutputs();
    const questions = [...ofPanels(), ...(await ofRules(outputs.prometheus))];
    const client = new GatewayClient(outputs);
    const token = await readToken();
    const body = JSON.stringify({ inputs: randomInputs(OTHER_MODEL) });
    const askOther = async () => {
      const { status, text } = await client.call(inferPath(OTHER_MODEL), { token, body });
      assert.equal(status, 200, text);
    };
    try {
      await underLoad({ rate: 20 }, () =>
        untilAnswered(new PrometheusApi(outputs.prometheus), questions, PATIENCE_MS, askOther),
      );
    } finally {
      await client.close();
    }
  });
});
