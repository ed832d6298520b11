/**
 * The components that other languages see. Inputs are names and plain values, because a schema knows neither functions nor
 * classes: what takes those, as `transform` does, is for TypeScript.
 */
export { EdgeSite } from "./edge-site";
export { InferenceService } from "./inference-service";
export { QueueWorker } from "./queue-worker";
export { Rollout } from "./rollout";
export { ServerlessEndpoint } from "./serverless-endpoint";
export { ServingStack } from "./serving-stack";
