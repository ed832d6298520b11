import assert from "node:assert";
import {
  POD_METRIC,
  activityQuery,
  loadQuery,
  prometheusAdapterRules,
} from "../../../components/internal/scaling-queries";
import { ownRouteName } from "../../../components/internal/routes";
import { METRICS } from "../../../runtime/metrics/metric-table";
import { METRIC } from "../../../runtime/contract";

/** What a query asks of the names of Envoy's clusters. */
function clusterPattern(query: string): RegExp {
  const [, pattern] = /envoy_cluster_name=~"([^"]+)"/.exec(query)!;
  // Prometheus matches the whole of a label.
  return new RegExp(`^(?:${pattern})$`);
}

describe("queries for scaling", () => {
  it("sum what waits, or what waits and runs, over all pods of the service", () => {
    assert.equal(
      loadQuery("queueDepth", "ns", "text"),
      'sum(slipway_inference_pending_requests{namespace="ns",service="text"})',
    );
    assert.equal(
      loadQuery("concurrency", "ns", "text"),
      'sum(slipway_inference_pending_requests{namespace="ns",service="text"})' +
        ' + sum(slipway_inference_inflight_requests{namespace="ns",service="text"})',
    );
  });

  it("ask for gauges that the server has", () => {
    for (const metric of ["pending", "inflight"] as const) {
      assert.equal(METRICS[metric].type, "gauge");
      assert.ok(loadQuery("concurrency", "ns", "text").includes(METRIC[metric]));
    }
  });

  it("know the routes of a service by the names that Envoy Gateway gives their clusters", () => {
    const pattern = clusterPattern(activityQuery("ns", "text"));
    for (const kind of ["httproute", "grpcroute"]) {
      assert.match(`${kind}/ns/text/rule/0`, pattern);
      assert.match(`${kind}/ns/${ownRouteName("text")}/rule/0`, pattern);
    }
    assert.match("httproute/ns/text/rule/1", pattern);
    for (const other of ["httproute/ns/textual/rule/0", "httproute/other/text/rule/0", "xds_cluster"])
      assert.doesNotMatch(other, pattern);
  });

  it("count the first request too, whose counter has no value before", () => {
    const query = activityQuery("ns", "text");
    for (const counter of ["envoy_cluster_upstream_rq_completed", "envoy_http_rq_direct_response"]) {
      assert.match(
        query,
        new RegExp(`sum\\(increase\\(${counter}\\{[^}]+\\}\\[120s\\]\\)\\) or vector\\(0\\)`),
      );
      assert.match(
        query,
        new RegExp(
          `sum\\(${counter}\\{([^}]+)\\} unless ${counter}\\{\\1\\} offset 120s\\) or vector\\(0\\)`,
        ),
      );
    }
  });

  it("have rules for prometheus-adapter under the names that autoscalers ask for", () => {
    assert.deepEqual(
      prometheusAdapterRules().map((rule) => [(rule["name"] as { as: string }).as, rule["metricsQuery"]]),
      [
        [
          POD_METRIC.queueDepth,
          "sum(slipway_inference_pending_requests{<<.LabelMatchers>>}) by (<<.GroupBy>>)",
        ],
        [
          POD_METRIC.concurrency,
          "sum(slipway_inference_pending_requests{<<.LabelMatchers>>}) by (<<.GroupBy>>)" +
            " + sum(slipway_inference_inflight_requests{<<.LabelMatchers>>}) by (<<.GroupBy>>)",
        ],
      ],
    );
  });
});
