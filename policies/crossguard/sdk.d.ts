import type { PolicyPackArgs } from "@pulumi/policy";
import type { Answer, Handler, Handlers, NotApplicable } from "./answer-by-type";
import type { Deserializer } from "./read-once";
import type { ServiceDefinition } from "./repeat-bytes";

// What of the SDK's inside, of the version that this package names exactly, is used here.

export const analyzerMessages: { readonly EnforcementLevel: { readonly REMEDIATE: number } };

export const deserialize: Deserializer;

export const grpc: {
  readonly Server: {
    readonly prototype: { addService(service: ServiceDefinition, handlers: Handlers): void };
  };
};

export const protoutil: {
  makeAnalyzeResponse(diagnostics: readonly unknown[], notApplicable: NotApplicable[]): Answer;
};

type MakeHandler = (
  pack: string,
  version: string,
  enforcement: string,
  policies: PolicyPackArgs["policies"],
) => Handler;

export const server: {
  readonly makeAnalyzeRpcFun: MakeHandler;
  readonly makeAnalyzeStackRpcFun: MakeHandler;
};
