import type {
  CheckRequest,
  CheckResult,
  ConfigureRequest,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  InvokeRequest,
  InvokeResult,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../shared/provider";
import type { Properties } from "../shared/values";
import { checkProviderConfig, diffProviderConfig } from "./config-diff";
import { HelmReleases } from "./helm/release";
import { invoke } from "./invoke";
import { HELM_RELEASE } from "./kinds";
import { check } from "./operations/check";
import { create } from "./operations/create";
import { deleteObject } from "./operations/delete";
import { diff } from "./operations/diff";
import { read } from "./operations/read";
import { update } from "./operations/update";
import { readConfig } from "./provider-config";
import { Session } from "./session";

/**
 * Kubernetes objects by server-side apply. A stand-in for the official provider where that cannot be downloaded: the
 * same tokens, inputs, annotations and state, so that a stack can move from one to the other.
 */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  private session: Session | undefined;

  constructor(readonly version: string) {}

  readonly checkConfig = checkProviderConfig;
  readonly diffConfig = diffProviderConfig;

  async configure({ config }: ConfigureRequest): Promise<void> {
    this.session = new Session(readConfig(config));
    // Asked for now, so that the first resource need not wait for the answer.
    void this.session.link.forPreview();
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    const session = this.configured();
    return request.type === HELM_RELEASE ? new HelmReleases(session).check(request) : check(session, request);
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const session = this.configured();
    return request.type === HELM_RELEASE ? new HelmReleases(session).diff(request) : diff(session, request);
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const session = this.configured();
    return request.type === HELM_RELEASE
      ? new HelmReleases(session).create(request)
      : create(session, request);
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    const session = this.configured();
    return request.type === HELM_RELEASE ? new HelmReleases(session).read(request) : read(session, request);
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const session = this.configured();
    return request.type === HELM_RELEASE
      ? new HelmReleases(session).update(request)
      : update(session, request);
  }

  async delete(request: DeleteRequest): Promise<void> {
    const session = this.configured();
    return request.type === HELM_RELEASE
      ? new HelmReleases(session).delete(request)
      : deleteObject(session, request);
  }

  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    return invoke(this.configured(), request);
  }

  async cancel(): Promise<void> {
    this.session?.link.close();
  }

  private configured(): Session {
    if (!this.session) throw new Error("The kubernetes provider was asked before it was configured.");
    return this.session;
  }
}
