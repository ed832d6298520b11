import { PolicyPack, type PolicyPackArgs, type PolicyPackConfig } from "@pulumi/policy";
import { version } from "../package.json";
import { answerByType, type ByType, type Handlers } from "./answer-by-type";
import { readPropertiesOnce } from "./read-once";
import { readStackOnce } from "./read-stack-once";
import { RepeatedBytes, type ServiceDefinition } from "./repeat-bytes";
import * as sdk from "./sdk";
import { skipRemediations } from "./skip-remediations";
import { tellStackConfig } from "./stack-config";

type Policy = PolicyPackArgs["policies"][number];

/**
 * Starts the SDK's policy server, so arranged that the time it takes for a resource depends on the rules about its type, not
 * on the number of all rules. What the engine is answered stays the same.
 * @param isAbout whether the policy of a name is about resources of a type
 * @param onStack is told the stack's configuration, before the engine asks for the policies and their levels
 */
export function servePack(
  name: string,
  args: PolicyPackArgs,
  config: PolicyPackConfig | undefined,
  isAbout: (policy: string, type: string) => boolean,
  onStack: (config: Readonly<Record<string, string>>) => void,
): void {
  readPropertiesOnce(sdk.deserialize);
  const { prototype } = sdk.grpc.Server;
  const { addService } = prototype;
  prototype.addService = function (service, handlers) {
    prototype.addService = addService;
    const arranged = arrange(service, tellStackConfig(handlers, onStack), name, args, isAbout);
    addService.call(this, arranged.service, arranged.handlers);
  };
  new PolicyPack(name, args, config);
}

function arrange(
  service: ServiceDefinition,
  handlers: Handlers,
  name: string,
  args: PolicyPackArgs,
  isAbout: ByType["isAbout"],
): { service: ServiceDefinition; handlers: Handlers } {
  const { enforcementLevel = "advisory", policies } = args;
  const make = (kind: keyof typeof sdk.server) => (some: readonly Policy[]) =>
    sdk.server[kind](name, version, enforcementLevel, [...some]);
  const repeated = new RepeatedBytes(service, (list) => sdk.protoutil.makeAnalyzeResponse([], list));
  const { REMEDIATE } = sdk.analyzerMessages.EnforcementLevel;
  const { remediate, ...others } = repeated.definition();
  const unread = { ...remediate!, requestDeserialize: (request: Buffer) => request };
  return {
    service: { ...others, remediate: unread },
    handlers: {
      ...answerByType(skipRemediations(handlers, args, REMEDIATE, remediate!.requestDeserialize), policies, {
        make: make("makeAnalyzeRpcFun"),
        isAbout,
        repeat: (list) => repeated.repeat(list),
      }),
      analyzeStack: readStackOnce(policies, make("makeAnalyzeStackRpcFun")),
    },
  };
}
