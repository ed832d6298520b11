/** One request, as CloudWatch is to know it. */
export interface Measured {
  readonly model: string;
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * A log line of which CloudWatch makes metrics (embedded metric format): nobody can scrape a function, which is frozen
 * between two requests, and which one of many answers is chance. Requests, errors and time per model is what AWS does not
 * count itself. Only models that are served become a dimension, because each one costs: clients cannot make metrics at will.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(
  namespace: string,
  functionName: string,
  { model, status, milliseconds }: Measured,
  now = Date.now(),
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [["FunctionName", "Model"]],
          Metrics: [
            { Name: "Requests", Unit: "Count" },
            { Name: "ClientErrors", Unit: "Count" },
            { Name: "ServerErrors", Unit: "Count" },
            { Name: "RequestDuration", Unit: "Milliseconds" },
          ],
        },
      ],
    },
    FunctionName: functionName,
    Model: model,
    Status: status,
    Requests: 1,
    ClientErrors: status >= 400 && status < 500 ? 1 : 0,
    ServerErrors: status >= 500 ? 1 : 0,
    RequestDuration: Math.round(milliseconds * 1000) / 1000,
  });
}

/** The model that a request runs, if it is one of these; undefined where it runs none of them. */
export function modelOf(url: string, models: readonly string[]): string | undefined {
  const segment =
    /^\/v2\/models\/([^/?]+)(?:\/versions\/[^/?]+)?\/(?:infer|generate|generate_stream)(?:\?|$)/.exec(
      url,
    )?.[1];
  return models.find((model) => model === segment || encodeURIComponent(model) === segment);
}
