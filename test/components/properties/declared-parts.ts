import type { InputPropertiesError } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  EdgeSite,
  ModelRepository,
  Monitoring,
  QueueWorker,
  Rollout,
  ServiceRoute,
  TelemetryCollector,
  TokenAuthority,
} from "../../../components";
import * as fc from "fast-check";
import { MODELS, SCRAPER } from "../serving/support/service";
import { declare } from "../support/declared";
import { IMAGE } from "../support/examples";
import { arbitraryCollector } from "./arbitrary-collector";
import { arbitrarySite } from "./arbitrary-edge";
import { arbitraryMonitoring } from "./arbitrary-monitoring";
import { arbitraryRollout, SLOT_MODELS } from "./arbitrary-rollout";
import { arbitraryWorker } from "./arbitrary-worker";
import { named } from "./declared-stack";
import type { Given } from "./dry-run";

/** What is not a service behind its own gateway: each in a name of its own, so that what is wrong with one leaves the others. */
export const arbitraryPart = fc.oneof(
  fc.record({ worker: arbitraryWorker }),
  fc.record({ site: arbitrarySite }),
  fc.record({ rollout: arbitraryRollout }),
  fc.record({ collector: arbitraryCollector }),
);

/** What watches over all of them. */
export const arbitraryWatch = fc.record({ monitoring: arbitraryMonitoring });

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;

export type Part = Of<typeof arbitraryPart> | Of<typeof arbitraryWatch>;

export interface DeclaredParts {
  readonly objects: readonly Given[];
  /** What components said against parts. */
  readonly refused: readonly InputPropertiesError[];
}

/** Every Kubernetes object that the parts declare. @param mayBeWrong false: a refusal is thrown */
export async function declareParts(parts: readonly Part[], mayBeWrong = false): Promise<DeclaredParts> {
  const refused: InputPropertiesError[] = [];
  const { resources } = await declare(() => {
    const create = partCreator();
    parts.forEach((part, i) => {
      try {
        create(part, `p${i}`);
      } catch (error) {
        if (!mayBeWrong || !pulumi.InputPropertiesError.isInstance(error)) throw error;
        refused.push(error);
      }
    });
  });
  const objects = resources
    .filter(({ type, name }) => type.startsWith("kubernetes:") && /^p\d+(-|$)/.test(name))
    .map((resource) => ({
      role: resource.name,
      object: named(resource),
      asked: JSON.stringify(parts[Number(/^p(\d+)/.exec(resource.name)![1])]),
    }));
  return { objects, refused };
}

/** What makes parts in a program, around which there is what they need. */
export function partCreator(): (part: Part, name: string) => void {
  const authority = new CertificateAuthority("authority");
  const tokens = new TokenAuthority("tokens", { issuer: "https://models.example.com" });
  const models = MODELS;
  const repository = new ModelRepository("repository", { models });
  const slots = new ModelRepository("slots", { models: [...SLOT_MODELS.blue, ...SLOT_MODELS.green] });
  const shared = { namespace: "models", authority };
  const gateway = new ApiGateway("front", { ...shared, tokens });
  const own = { ...shared, image: IMAGE, scrapers: [SCRAPER] };
  return (part, name) => {
    if ("worker" in part) new QueueWorker(name, { ...part.worker, ...own, repository, models });
    else if ("collector" in part)
      new TelemetryCollector(name, {
        ...part.collector,
        ...shared,
        senders: [gateway.proxies],
        scrapers: [SCRAPER],
      });
    else if ("site" in part) new EdgeSite(name, { ...part.site, ...own, repository, models });
    else if ("monitoring" in part) {
      const namespace = part.monitoring.existing?.namespace ?? "monitoring";
      new Monitoring(name, {
        ...part.monitoring,
        namespace,
        servicesNamespace: "models",
        gateway,
        authority,
      });
    } else {
      const service = new Rollout(name, { ...part.rollout, ...own, repository: slots });
      new ServiceRoute(name, { gateway, service, authority });
    }
  };
}
