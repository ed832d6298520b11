import { diffInputs } from "../shared/diff";
import type * as api from "../shared/provider";
import { hasUnknown, isSecret, Secret, UNKNOWN } from "../shared/values";
import type { Properties, Value } from "../shared/values";
import { getPublicKey } from "./functions";
import { certRequest } from "./resources/cert-request";
import { locallySignedCert, selfSignedCert } from "./resources/certificates";
import { privateKey } from "./resources/private-key";
import { Inputs } from "./resources/resource";
import type { TlsResource } from "./resources/resource";

const RESOURCES: Record<string, TlsResource> = {
  "tls:index/privateKey:PrivateKey": privateKey,
  "tls:index/certRequest:CertRequest": certRequest,
  "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
  "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
};

function resourceOf(type: string): TlsResource {
  const resource = RESOURCES[type];
  if (resource === undefined) throw new Error(`The tls provider has no resource "${type}".`);
  return resource;
}

function secretly(value: Value): Value {
  return value === undefined || isSecret(value) ? value : new Secret(value);
}

/** Inputs, defaults and computed values together, with the secret ones marked. Write-only inputs are never kept. */
function outputsOf(resource: TlsResource, inputs: Properties, computed: Properties): Properties {
  const all = { ...resource.defaults, ...inputs, ...computed };
  const kept = Object.entries(all).filter(([name]) => !name.endsWith("Wo"));
  const marked = kept.map(([name, value]) => [
    name,
    resource.secret.includes(name) ? secretly(value) : value,
  ]);
  return Object.fromEntries(marked) as Properties;
}

/** Keys and certificates that live in the stack's state, in the terms of the official tls provider. */
export class TlsProvider implements api.Provider {
  readonly name = "tls";

  constructor(
    readonly version: string,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async check({ type, newInputs }: api.CheckRequest): Promise<api.CheckResult> {
    const resource = resourceOf(type);
    const failures = resource.check(new Inputs(newInputs, resource.defaults));
    return { inputs: newInputs, failures };
  }

  async diff(request: api.DiffRequest): Promise<api.DiffResult> {
    const resource = resourceOf(request.type);
    const { defaults, updatable } = resource;
    const before = { ...defaults, ...request.oldInputs };
    const after = { ...defaults, ...request.newInputs };
    const difference = diffInputs(before, after, ([name]) => !updatable.includes(String(name)));
    // The early renewal that the program wants now decides, not the one of the last update.
    const outputs = new Inputs({ ...request.oldOutputs, ...request.newInputs }, defaults);
    if (!resource.isExpired?.(outputs, this.now())) return difference;
    const renewal: api.PropertyDiff = { kind: "update-replace", inputDiff: false };
    return { changes: true, detailed: { ...difference.detailed, readyForRenewal: renewal } };
  }

  async create({ type, inputs, preview }: api.CreateRequest): Promise<api.CreateResult> {
    const resource = resourceOf(type);
    if (preview || hasUnknown(inputs)) {
      const unknown = Object.fromEntries(resource.computed.map((name) => [name, UNKNOWN]));
      return { id: "", outputs: outputsOf(resource, inputs, unknown) };
    }
    const { id, computed } = await resource.create(new Inputs(inputs, resource.defaults));
    return { id, outputs: outputsOf(resource, inputs, { ...computed, id }) };
  }

  async read({ type, id, inputs, outputs }: api.ReadRequest): Promise<api.ReadResult> {
    const resource = resourceOf(type);
    if (Object.keys(outputs).length === 0) {
      throw new Error(`A ${type} cannot be imported: it exists nowhere but in the state of a stack.`);
    }
    if (!resource.isExpired?.(new Inputs(outputs), this.now())) return { id, inputs, outputs };
    return { id, inputs, outputs: { ...outputs, readyForRenewal: true } };
  }

  async update({ type, oldOutputs, newInputs }: api.UpdateRequest): Promise<Properties> {
    const resource = resourceOf(type);
    const kept = [...resource.computed, "id"].map((name) => [name, oldOutputs[name]]);
    return outputsOf(resource, newInputs, Object.fromEntries(kept) as Properties);
  }

  async delete(): Promise<void> {
    // The state was all there was.
  }

  async invoke({ token, args }: api.InvokeRequest): Promise<api.InvokeResult> {
    if (token !== "tls:index/getPublicKey:getPublicKey") {
      throw new Error(`The tls provider has no function "${token}".`);
    }
    return { result: getPublicKey(args) };
  }
}
