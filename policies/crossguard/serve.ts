import { createRequire } from "node:module";
import { join } from "node:path";
import { PolicyPack, type PolicyPackArgs, type PolicyPackConfig } from "@pulumi/policy";
import { answerByType, type Handler, type Handlers } from "./answer-by-type";
import { OTHER_TYPE } from "./policy";
import { readPropertiesOnce, type Deserializer } from "./read-once";

type Policies = PolicyPackArgs["policies"];

/** What of the SDK's inside, of the version that this package names exactly, is used here. */
interface SdkServer {
  makeAnalyzeRpcFun(pack: string, version: string, enforcement: string, policies: Policies): Handler;
}

interface GrpcServer {
  addService(service: unknown, handlers: Handlers): void;
}

/**
 * Starts the SDK's policy server, so arranged that the time it takes for a resource depends on the rules about its type, not
 * on the number of all rules. What the engine is answered stays the same.
 */
export function servePack(name: string, args: PolicyPackArgs, config?: PolicyPackConfig): void {
  const inside = createRequire(require.resolve("@pulumi/policy"));
  readPropertiesOnce(inside("./deserialize") as Deserializer);
  const { makeAnalyzeRpcFun } = inside("./server") as SdkServer;
  const { version } = inside(join(process.cwd(), "package.json")) as { version: string };
  const { enforcementLevel = "advisory", policies } = args;
  const { Server } = inside("@grpc/grpc-js") as { Server: { prototype: GrpcServer } };
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, handlers) {
    Server.prototype.addService = addService;
    const make = (some: readonly Policies[number][]): Handler =>
      makeAnalyzeRpcFun(name, version, enforcementLevel, [...some]);
    addService.call(this, service, answerByType(handlers, policies, make, OTHER_TYPE));
  };
  new PolicyPack(name, args, config);
}
