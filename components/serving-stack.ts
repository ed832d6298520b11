import { Namespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { RESTRICTED_NAMESPACE } from "./internal/labels";
import { nameAfter } from "./internal/name-after";
import { DENY_ALL, type Peer } from "./internal/network-policy";
import { ModelRepository } from "./model/model-repository";
import { Monitoring } from "./observability/monitoring";
import { InferenceService } from "./serving/inference-service";
import {
  DEFAULT_DENY,
  MONITORING_NAME,
  STACK_DEFAULTS,
  modelsOf,
  validateStack,
  type ServingStackArgs,
  type StackService,
} from "./stack-settings";
import { ApiGateway } from "./traffic/api-gateway";
import { CertificateAuthority } from "./traffic/certificate-authority";
import { Rollout } from "./traffic/rollout";
import { ServiceRoute } from "./traffic/service-route";
import { TokenAuthority } from "./traffic/token-authority";

export type { ServingStackArgs, StackService } from "./stack-settings";

/** A pair of keys for signatures, as PEM. */
export interface RecordKey {
  /** PKCS #8, a secret. */
  readonly signingKeyPem: pulumi.Output<string>;
  readonly publicKeyPem: pulumi.Output<string>;
}

/**
 * A complete serving platform: gateway, services with their models, certificates, tokens and monitoring. Each child can be
 * an existing one instead. Expects Envoy Gateway and the Prometheus operator in the cluster.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const source = `oci://registry.example.com/models/ocr@${digest}`;
 * const stack = new ServingStack("slipway", {
 *   runtimeImage: `registry.example.com/slipway/runtime@${digest}`,
 *   tokenIssuer: "https://models.example.com",
 *   gateway: { host: "models.example.com" },
 *   services: [
 *     { name: "text", models: [{ name: "ocr", version: "4", source, sha256: digest.slice("sha256:".length) }] },
 *   ],
 * });
 * export const caCertificate = stack.authority.certificatePem;
 */
export class ServingStack extends pulumi.ComponentResource {
  /** The server's image, with a digest. */
  readonly runtimeImage: pulumi.Output<string>;
  readonly authority: CertificateAuthority;
  readonly tokens: TokenAuthority;
  readonly repository: ModelRepository;
  readonly gateway: ApiGateway;
  readonly monitoring: Monitoring | undefined;
  /** The services without a rollout, in the order given. */
  readonly services: readonly InferenceService[];
  /** The services with one, in the order given. */
  readonly rollouts: readonly Rollout[];
  /** The routes of `services`, then those of `rollouts`. */
  readonly routes: readonly ServiceRoute[];
  /** What the records of rollouts are signed with, an Ed25519 key; undefined where there is no rollout. */
  readonly recordKey: RecordKey | undefined;

  constructor(name: string, args: ServingStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServingStack", name, {}, opts);
    validateStack(name, args);
    const parent = { parent: this };

    this.runtimeImage = pulumi.output(args.runtimeImage);
    const namespace = createNamespace(args.namespace ?? STACK_DEFAULTS.namespace, parent);
    this.authority = args.authority ?? new CertificateAuthority(`${name}-authority`, {}, parent);
    this.tokens = args.tokens ?? new TokenAuthority(`${name}-tokens`, { issuer: args.tokenIssuer }, parent);
    this.repository = this.createRepository(name, args);
    this.gateway = this.createGateway(name, args, namespace);
    this.monitoring = this.createMonitoring(args, namespace);
    const scrapers: Peer[] = this.monitoring ? [this.monitoring.scraper] : [];
    const surroundings = {
      namespace,
      image: args.runtimeImage,
      repository: this.repository,
      authority: this.authority,
      gateways: [this.gateway.proxies],
      scrapers,
    };
    this.services = args.services
      .filter(({ rollout }) => !rollout)
      .map(
        ({ name: service, models = [], rollout: _rollout, auth: _auth, ...settings }) =>
          new InferenceService(service, { ...settings, models, ...surroundings }, parent),
      );
    this.rollouts = args.services.flatMap(
      ({ name: service, models: _models, rollout, auth: _auth, ...settings }) =>
        rollout ? [new Rollout(service, { ...settings, ...rollout, ...surroundings }, parent)] : [],
    );
    this.recordKey = this.rollouts.length > 0 ? createRecordKey(name, parent) : undefined;
    const route = (
      service: InferenceService | Rollout,
      { name: routeName, auth }: StackService,
      opts: pulumi.ComponentResourceOptions,
    ) =>
      new ServiceRoute(
        routeName,
        { ...args.limits, auth, gateway: this.gateway, service, authority: this.authority },
        opts,
      );
    const plain = args.services.filter(({ rollout }) => !rollout);
    const switched = args.services.filter(({ rollout }) => rollout !== undefined);
    this.routes = [
      ...this.services.map((service, i) => route(service, plain[i]!, parent)),
      // Those of a service that gets a rollout stay the same objects.
      ...this.rollouts.map((rollout, i) =>
        route(rollout, switched[i]!, { parent: rollout, aliases: [{ parent: this }] }),
      ),
    ];
    this.registerOutputs({ gatewayName: this.gateway.gatewayName });
  }

  private createRepository(name: string, args: ServingStackArgs): ModelRepository {
    if (args.repository instanceof ModelRepository) return args.repository;
    const models = args.services.flatMap((service) => [...modelsOf(service)]);
    return new ModelRepository(`${name}-models`, { ...args.repository, models }, { parent: this });
  }

  private createGateway(name: string, args: ServingStackArgs, namespace: pulumi.Input<string>): ApiGateway {
    if (args.gateway instanceof ApiGateway) return args.gateway;
    const serviceNames = args.services.map((service) => service.name);
    const { authority, tokens } = this;
    return new ApiGateway(
      name,
      { serviceNames, ...args.gateway, namespace, authority, tokens },
      { parent: this },
    );
  }

  private createMonitoring(
    args: ServingStackArgs,
    servicesNamespace: pulumi.Input<string>,
  ): Monitoring | undefined {
    if (args.monitoring === false) return undefined;
    if (args.monitoring instanceof Monitoring) return args.monitoring;
    const parent = { parent: this };
    const namespace = createNamespace(args.monitoringNamespace ?? STACK_DEFAULTS.monitoringNamespace, parent);
    return new Monitoring(
      MONITORING_NAME,
      { ...args.monitoring, namespace, servicesNamespace, proxies: [this.gateway.proxies] },
      parent,
    );
  }
}

function createRecordKey(name: string, opts: pulumi.CustomResourceOptions): RecordKey {
  const key = new tls.PrivateKey(`${name}-record-key`, { algorithm: "ED25519" }, opts);
  return { signingKeyPem: pulumi.secret(key.privateKeyPemPkcs8), publicKeyPem: key.publicKeyPem };
}

/** A namespace for `restricted` pods in which no pod may speak or be spoken to unless a policy says so. */
function createNamespace(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const namespace = new Namespace(
    `${name}-namespace`,
    { metadata: { name, labels: { ...RESTRICTED_NAMESPACE } } },
    opts,
  );
  const metadata = { name: DEFAULT_DENY, namespace: namespace.metadata.name };
  const policy = new NetworkPolicy(`${name}-default-deny`, { metadata, spec: DENY_ALL }, opts);
  // Waits for the policy, so that nothing runs in the namespace before it is there, and yet is known at any preview.
  return nameAfter(policy, name);
}
