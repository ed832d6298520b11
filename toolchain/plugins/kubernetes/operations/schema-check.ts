import type { Cluster } from "../client/cluster";
import { UnknownKind } from "../client/cluster";
import type { RequestContext } from "../../shared/provider";
import type { Gvk } from "../kinds";
import { apiVersionOf, isBuiltIn } from "../kinds";
import type { KubeObject } from "../object";
import { describe } from "../object";
import { schemaFailures } from "../preview/known-schema";
import type { Session } from "../session";

interface Situation extends RequestContext {
  readonly cluster: Cluster | undefined;
  /** Whether that cluster serves the kind. */
  readonly served: boolean;
}

async function refuseUnknownKind(
  session: Session,
  gvk: Gvk,
  object: KubeObject,
  { cluster, signal, log }: Situation,
) {
  if (!cluster || (await session.seen.eventualKind(gvk, signal)) || session.seen.chart) return;
  // A group that is served, but without this kind, is a mistake in the name; one that is not may be installed later.
  const certain = isBuiltIn(gvk.group) || (await cluster.discovery.serves(gvk, signal));
  if (certain || session.config.rejectUnknownResources) throw new UnknownKind(gvk);
  log.warn(
    `${describe(object)} is not checked: neither the cluster nor this program defines ${apiVersionOf(gvk)} ${gvk.kind}.`,
  );
}

/**
 * Checks an object that the API server cannot dry-run, as far as schemas reach.
 * @throws Error listing every property that does not fit
 */
export async function checkAgainstSchema(
  session: Session,
  gvk: Gvk,
  object: KubeObject,
  situation: Situation,
): Promise<void> {
  const { cluster, served, signal } = situation;
  if (cluster && !served) await refuseUnknownKind(session, gvk, object, situation);
  const openApi = cluster ? session.openApiOf(cluster) : undefined;
  const failures = await schemaFailures(gvk, object, { seen: session.seen, cluster, openApi }, signal);
  if (failures.length === 0) return;
  const lines = failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n  ");
  throw new Error(`${describe(object)} does not fit its schema:\n  ${lines}`);
}
