/**
 * The components that other languages see. Inputs are names and plain values, because a schema knows neither functions nor
 * classes: what takes those, as `transform` does, is for TypeScript.
 */
export { InferenceService } from "./inference-service";
export { ServingStack } from "./serving-stack";
