import { Namespace } from "@pulumi/kubernetes/core/v1";
import {
  CertificateAuthority,
  GpuNodePool,
  InferenceService,
  ModelRepository,
  ServerCertificate,
} from "../../components";

/** What a stack of this program declares. */
export interface ScaleConfig {
  /** How many. */
  readonly count: number;
  /** `services` have certificates of their own; `certificates` are these alone. */
  readonly part: "services" | "certificates";
  /** Names of the namespaces begin with it. */
  readonly namespace: string;
  readonly perNamespace: number;
  readonly nodes: number;
  readonly gpusPerNode: number;
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const MODEL = {
  name: "model",
  version: "1",
  source: `oci://registry.invalid/models/model@${DIGEST}`,
  sha256: "b".repeat(64),
};

/** Many services, as teams of one company would have them: some to each namespace, one GPU each. */
export function declareMany({ count, part, namespace, perNamespace, nodes, gpusPerNode }: ScaleConfig): void {
  const authority = new CertificateAuthority("authority");
  const repository = new ModelRepository("models", { models: [MODEL] });
  const gpuPool = new GpuNodePool("gpu", { provisioner: "existing", gpusPerNode, maxNodes: nodes });
  const namespaces = Array.from({ length: Math.ceil(count / perNamespace) }, (_, i) => {
    const name = `${namespace}-${i}`;
    return new Namespace(name, { metadata: { name, labels: { [`slipway.dev/${namespace}`]: "true" } } })
      .metadata.name;
  });
  for (let i = 0; i < count; i++) {
    const name = `service-${i}`;
    const common = { namespace: namespaces[Math.floor(i / perNamespace)]!, authority };
    if (part === "certificates") {
      new ServerCertificate(`${name}-tls`, { ...common, dnsNames: [name] });
    } else {
      const image = `registry.invalid/slipway/runtime@${DIGEST}`;
      new InferenceService(name, {
        ...common,
        image,
        repository,
        models: [MODEL],
        gpuPool,
        replicas: 1,
        maxReplicas: 1,
      });
    }
  }
}
