import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../internal/validation";
import { ModelRepository, validateRepository } from "../model/model-repository";
import { InferenceService as Service } from "../serving/inference-service";
import { resolveService } from "../serving/service-settings";
import { CertificateAuthority } from "../traffic/certificate-authority";
import { ServiceRoute, resolveLimits } from "../traffic/service-route";
import { gatewayOf, type Gateway, type Pods } from "./gateway";
import type { ModelVersion, RegistrySettings, ServiceSettings, TrafficSettings } from "./service";
import { settingsOf } from "./settings";

/** Inputs of an InferenceService. */
export interface InferenceServiceArgs extends ServiceSettings, TrafficSettings, RegistrySettings {
  /** Namespace of every object: that of the gateway, where there is one. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** The models to serve; at least one. */
  readonly models: ModelVersion[];
  /** The gateway that leads to the service. Without one, nobody may send it requests. */
  readonly gateway?: Gateway;
  /** Pods that may read metrics (port 8002). Where there is one, a ServiceMonitor is made. Default: []. */
  readonly scrapers?: Pods[];
}

/** Models behind TLS in a Deployment of the `restricted` standard, and their route through an existing gateway. */
export class InferenceService extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: pulumi.Output<string>;
  /** Namespace of the Service. */
  readonly namespace: pulumi.Output<string>;
  /** Name that the server's certificate is good for. */
  readonly hostName: pulumi.Output<string>;
  /** The certificate, in PEM, of the authority that signed the server's. */
  readonly certificatePem: pulumi.Output<string>;
  /** The service's own host at the gateway. */
  readonly host?: pulumi.Output<string>;

  constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:InferenceService", name, {}, opts);
    validate(name, args);
    const parent = { parent: this };
    const { namespace, image, models, insecureRegistries, registryCidrs } = args;
    const gateway = args.gateway && gatewayOf(args.gateway, namespace);

    const authority = new CertificateAuthority(`${name}-authority`, {}, parent);
    const repository = new ModelRepository(
      `${name}-models`,
      { models, insecureRegistries, registryCidrs },
      parent,
    );
    const service = new Service(
      name,
      {
        ...settingsOf(args),
        namespace,
        image,
        repository,
        models,
        authority,
        gateways: gateway ? [gateway.proxies] : [],
        scrapers: args.scrapers ?? [],
      },
      parent,
    );
    if (gateway) {
      const { requestsPerSecond, requestTimeout, maxParallelRequests } = args;
      const limits = { requestsPerSecond, requestTimeout, maxParallelRequests };
      this.host = new ServiceRoute(name, { ...limits, gateway, service, authority }, parent).host;
    }
    this.serviceName = service.serviceName;
    this.namespace = service.namespace;
    this.hostName = service.hostName;
    this.certificatePem = authority.certificatePem;
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      hostName: this.hostName,
      certificatePem: this.certificatePem,
      host: this.host,
    });
  }
}

/** What the children would find too, but before there is one. */
function validate(name: string, args: InferenceServiceArgs): void {
  const { image, models, insecureRegistries, registryCidrs } = args;
  const problems = new Problems("InferenceService", name);
  problems.absorb("", () => validateRepository(name, { models, insecureRegistries, registryCidrs }));
  const watched = (args.scrapers ?? []).length > 0;
  problems.absorb("", () =>
    resolveService(name, { ...settingsOf(args), image, models, repository: { models }, watched }),
  );
  problems.absorb("", () => resolveLimits(name, args));
  problems.throwIfAny();
}
