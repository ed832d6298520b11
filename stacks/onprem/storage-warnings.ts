import { Monitoring, type MonitoringStorage, type ServingStackArgs } from "../../components";

const UNKNOWN =
  "lie on volumes of the cluster's default StorageClass, and whether that encrypts is not known here";

/**
 * Volumes of no StorageClass of one's own, each in a sentence that a preview warns with: of a cluster that was there before nobody
 * says whether its default class encrypts.
 */
export function storageWarnings({
  monitoring,
  retraining,
}: Pick<ServingStackArgs, "monitoring" | "retraining">): string[] {
  const { storage, alerting } = !monitoring || monitoring instanceof Monitoring ? {} : monitoring;
  const warnings: string[] = [];
  if ([storage, alerting ? alerting.storage : undefined].some(isOfDefaultClass))
    warnings.push(
      `Samples and silences ${UNKNOWN}: name a class that does (\`slipway:monitoringStorageClass\`), or do without volumes (\`slipway:monitoringStorageSize: none\`).`,
    );
  if (isOfDefaultClass(retraining?.storage))
    warnings.push(
      `Notes of what retraining has triggered ${UNKNOWN}: name a class that does (\`storageClass\` in \`slipway:retraining.storage\`).`,
    );
  return warnings;
}

const isOfDefaultClass = (storage: MonitoringStorage | undefined): boolean =>
  storage !== undefined && storage.storageClass === undefined;
