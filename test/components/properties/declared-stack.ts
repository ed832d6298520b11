import * as fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServiceRoute,
  TokenAuthority,
} from "../../../components";
import { arbitraryService } from "../serving/support/arbitrary-service";
import { MODELS, SCRAPER } from "../serving/support/service";
import { declare, type Declared } from "../support/declared";
import { IMAGE } from "../support/examples";
import { label } from "./arbitrary-auth";
import { arbitraryGateway } from "./arbitrary-gateway";
import { arbitraryRoute } from "./arbitrary-route";
import type { Given } from "./dry-run";

/** A service, the gateway in front of it and the way between them, with nothing wrong. */
export const arbitraryStack = fc.record({
  gateway: arbitraryGateway,
  service: arbitraryService,
  route: arbitraryRoute,
  // Behind what makes them different; the longest that are allowed among them.
  gatewayName: fc.oneof(label(10), label(58)),
  serviceName: fc.oneof(label(10), label(45)),
});

export type Stack = typeof arbitraryStack extends fc.Arbitrary<infer T> ? T : never;

const NAMESPACE = "models";
/** The name of a gateway behind an ALB is part of an annotation's key. */
const LONGEST_ALB_NAME = 44;

export interface DeclaredStacks {
  readonly objects: readonly Given[];
  /** What components said against stacks. */
  readonly refused: readonly pulumi.InputPropertiesError[];
}

/** Every Kubernetes object that the stacks declare. @param mayBeWrong false: a refusal is thrown */
export async function declareStacks(stacks: readonly Stack[], mayBeWrong = false): Promise<DeclaredStacks> {
  const refused: pulumi.InputPropertiesError[] = [];
  const { resources } = await declare(() => {
    const create = creator();
    stacks.forEach((stack, i) => {
      try {
        create(stack, i);
      } catch (error) {
        if (!mayBeWrong || !pulumi.InputPropertiesError.isInstance(error)) throw error;
        refused.push(error);
      }
    });
  });
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map((resource) => {
      const [, index] = /^(?:g|s)(\d+)(?:-|$)/.exec(resource.name) ?? [];
      const asked = index === undefined ? "" : JSON.stringify(stacks[Number(index)]);
      return { role: resource.name, object: named(resource), asked };
    });
  return { objects, refused };
}

function creator(): (stack: Stack, index: number) => void {
  const authority = new CertificateAuthority("authority");
  const tokens = new TokenAuthority("tokens", { issuer: "https://models.example.com" });
  const repository = new ModelRepository("repository", { models: MODELS });
  const shared = { namespace: NAMESPACE, authority };
  const own = { ...shared, image: IMAGE, repository, models: MODELS, scrapers: [SCRAPER] };
  return (stack, index) => {
    const most = stack.gateway.loadBalancer?.kind === "aws-alb" ? LONGEST_ALB_NAME : undefined;
    const front = `g${index}-${stack.gatewayName}`.slice(0, most).replace(/-+$/, "");
    const name = `s${index}-${stack.serviceName}`;
    const gateway = new ApiGateway(front, { ...stack.gateway, ...shared, tokens });
    const service = new InferenceService(name, { ...stack.service, ...own });
    new ServiceRoute(name, { ...stack.route, gateway, service, authority });
  };
}

/** As the provider names an object that the program leaves a name to. */
export function named({ name, inputs }: Declared): Given["object"] {
  const object = plain(inputs) as Given["object"];
  return { ...object, metadata: { ...object.metadata, name: object.metadata?.name ?? `${name}-1a2b3c4d` } };
}

/** Secrets are what they hold. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.runtime.isRpcSecret(value)) return plain(pulumi.runtime.unwrapRpcSecret(value));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
