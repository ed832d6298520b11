import type { Cluster } from "./client/cluster";
import { ClusterLink } from "./client/link";
import type { RequestContext, ResourceLog } from "../shared/provider";
import type { DryRun } from "./preview/dry-run";
import { OpenApi } from "./preview/open-api";
import { SeenObjects } from "./preview/seen";
import type { ProviderConfig } from "./provider-config";

/** What the operations of one configured provider share. */
export class Session {
  readonly link: ClusterLink;
  readonly seen = new SeenObjects();
  private openApi: OpenApi | undefined;
  private toldOffline = false;

  constructor(readonly config: ProviderConfig) {
    this.link = new ClusterLink(config);
  }

  /** The cluster for an operation that can do without; says once when it has to. */
  async clusterForPreview(log: ResourceLog): Promise<Cluster | undefined> {
    const answer = await this.link.forPreview();
    if (answer.cluster) return answer.cluster;
    if (!this.toldOffline) {
      this.toldOffline = true;
      const text = `This preview is client-side, no API server has checked it: ${answer.reason}`;
      if (this.link.offline) log.info(text);
      else log.warn(text);
    }
    return undefined;
  }

  /** The cluster for an operation that changes it. @throws Error where it cannot be reached */
  async clusterForUpdate(): Promise<Cluster> {
    const answer = await this.link.forUpdate();
    if (!answer.cluster) throw new Error(answer.reason);
    return answer.cluster;
  }

  /** How a request asks the API server what it would say. */
  dryRun(cluster: Cluster, fieldManager: string, { signal, log }: RequestContext): DryRun {
    const { seen, config } = this;
    const onWarning = this.warnings(log);
    return { cluster, seen, fieldManager, alwaysForce: config.patchForce, signal, log, onWarning };
  }

  openApiOf(cluster: Cluster): OpenApi {
    this.openApi ??= new OpenApi(cluster.connection);
    return this.openApi;
  }

  /** Passes the API server's own warnings on, except those that the person has heard enough of. */
  warnings(log: ResourceLog): (text: string) => void {
    return (text) => {
      if (this.config.suppressDeprecationWarnings && /deprecated|unavailable in v/.test(text)) return;
      log.warn(text);
    };
  }
}
