import type { RetrainingEvent } from "./retraining-event";
import type { RetrainingOptions } from "./retraining-options";

/** A POST, before it is signed and shown credentials. */
export interface TargetRequest {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses beside 2xx that say that the event is there, as from an attempt whose answer was lost. */
  readonly alreadyThere?: readonly number[];
}

export const GITHUB_URL = "https://api.github.com";

/** What the target gets for an event. */
export function targetRequest(options: RetrainingOptions, event: RetrainingEvent): TargetRequest {
  const { target, targetUrl = GITHUB_URL } = options;
  const base = targetUrl.replace(/\/+$/, "");
  switch (target) {
    case "http":
      return { url: targetUrl, body: JSON.stringify(event) };
    case "argo-workflows":
      return argoEvent(base, options, event);
    case "kubeflow":
      return kubeflowRun(base, options, event);
    case "github":
      return githubDispatch(base, options, event);
    case "airflow":
      return airflowRun(base, options, event);
  }
}

/** https://argo-workflows.readthedocs.io/en/latest/events/: any JSON; a WorkflowEventBinding says what it starts. */
function argoEvent(base: string, options: RetrainingOptions, event: RetrainingEvent): TargetRequest {
  const path = [options.argoNamespace!, options.argoDiscriminator].map(encodeURIComponent).join("/");
  return { url: `${base}/api/v1/events/${path}`, body: JSON.stringify(event) };
}

/** https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/, `RunService_CreateRun`. */
function kubeflowRun(base: string, options: RetrainingOptions, event: RetrainingEvent): TargetRequest {
  const texts = event as unknown as Readonly<Record<string, unknown>>;
  // The pipeline refuses parameters that it does not declare.
  const parameters = options.kubeflowParameters.map((name): [string, unknown] => [
    name,
    name === "event" ? event : (texts[name] ?? ""),
  ]);
  const run = {
    display_name: `retrain ${event.model} ${event.id}`,
    description: event.summary ?? `${event.alert} since ${event.startsAt}`,
    ...(options.kubeflowExperiment === undefined ? {} : { experiment_id: options.kubeflowExperiment }),
    pipeline_version_reference: {
      pipeline_id: options.kubeflowPipeline,
      pipeline_version_id: options.kubeflowPipelineVersion,
    },
    runtime_config: { parameters: Object.fromEntries(parameters) },
  };
  return { url: `${base}/apis/v2beta1/runs`, body: JSON.stringify(run) };
}

/**
 * https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event: `client_payload` may have ten properties, which is why
 * the event is one of them.
 */
function githubDispatch(base: string, options: RetrainingOptions, event: RetrainingEvent): TargetRequest {
  return {
    url: `${base}/repos/${options.githubRepository}/dispatches`,
    body: JSON.stringify({ event_type: options.githubEventType, client_payload: { retraining: event } }),
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
  };
}

/** https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html, `trigger_dag_run`: a run's id is there once. */
function airflowRun(base: string, options: RetrainingOptions, event: RetrainingEvent): TargetRequest {
  const { airflowApi, airflowDag } = options;
  const run = {
    dag_run_id: `slipway__${event.id}`,
    // Airflow 3 wants it said that the run is of no date.
    ...(airflowApi === "v2" ? { logical_date: null } : {}),
    conf: event,
  };
  return {
    url: `${base}/api/${airflowApi}/dags/${encodeURIComponent(airflowDag!)}/dagRuns`,
    body: JSON.stringify(run),
    alreadyThere: [409],
  };
}
