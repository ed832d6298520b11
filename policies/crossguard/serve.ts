import { createRequire } from "node:module";
import { join } from "node:path";
import { PolicyPack, type PolicyPackArgs, type PolicyPackConfig } from "@pulumi/policy";
import { answerByType, type Answer, type Handler, type Handlers, type NotApplicable } from "./answer-by-type";
import { OTHER_TYPE } from "./policy";
import { readPropertiesOnce, type Deserializer } from "./read-once";
import { RepeatedBytes, type ServiceDefinition } from "./repeat-bytes";
import { skipRemediations } from "./skip-remediations";

type Policies = PolicyPackArgs["policies"];

/** What of the SDK's inside, of the version that this package names exactly, is used here. */
interface SdkServer {
  makeAnalyzeRpcFun(pack: string, version: string, enforcement: string, policies: Policies): Handler;
}

interface GrpcServer {
  addService(service: ServiceDefinition, handlers: Handlers): void;
}

interface Levels {
  readonly EnforcementLevel: { readonly REMEDIATE: number };
}

interface SdkProtocol {
  makeAnalyzeResponse(diagnostics: readonly unknown[], notApplicable: NotApplicable[]): Answer;
}

/**
 * Starts the SDK's policy server, so arranged that the time it takes for a resource depends on the rules about its type, not
 * on the number of all rules. What the engine is answered stays the same.
 */
export function servePack(name: string, args: PolicyPackArgs, config?: PolicyPackConfig): void {
  const inside = createRequire(require.resolve("@pulumi/policy"));
  readPropertiesOnce(inside("./deserialize") as Deserializer);
  const { makeAnalyzeRpcFun } = inside("./server") as SdkServer;
  const { makeAnalyzeResponse } = inside("./protoutil") as SdkProtocol;
  const { EnforcementLevel } = inside("@pulumi/pulumi/proto/analyzer_pb") as Levels;
  const { version } = inside(join(process.cwd(), "package.json")) as { version: string };
  const { enforcementLevel = "advisory", policies } = args;
  const { Server } = inside("@grpc/grpc-js") as { Server: { prototype: GrpcServer } };
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, handlers) {
    Server.prototype.addService = addService;
    const make = (some: readonly Policies[number][]): Handler =>
      makeAnalyzeRpcFun(name, version, enforcementLevel, [...some]);
    const repeated = new RepeatedBytes(service, (list) => makeAnalyzeResponse([], list));
    const remedied = skipRemediations(handlers, args, EnforcementLevel.REMEDIATE);
    const repeat = (others: NotApplicable[]) => repeated.repeat(others);
    addService.call(this, repeated.definition(), answerByType(remedied, policies, make, OTHER_TYPE, repeat));
  };
  new PolicyPack(name, args, config);
}
