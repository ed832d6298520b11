import { advisory, type CatalogEntry, mandatory } from "./entry";
import { containerImageDigest } from "../rules/supply-chain/container-image-digest";
import { modelSourceDigest } from "../rules/supply-chain/model-source-digest";
import { operatorImageDigest } from "../rules/supply-chain/operator-image-digest";
import { containerImageRegistry } from "../rules/supply-chain/container-image-registry";
import { containerImagePullPolicy } from "../rules/supply-chain/container-image-pull-policy";
import { podImageVolumeDigest } from "../rules/supply-chain/pod-image-volume-digest";
import { modelSignature } from "../rules/supply-chain/model-signature";
import { helmChartVersion } from "../rules/supply-chain/helm-chart-version";
import { helmRepositoryTls } from "../rules/supply-chain/helm-repository-tls";
import { ecrImmutableTags } from "../rules/supply-chain/ecr-immutable-tags";
import { ecrScanOnPush } from "../rules/supply-chain/ecr-scan-on-push";
import { ecrLifecycle } from "../rules/supply-chain/ecr-lifecycle";
import { lambdaImageDigest } from "../rules/supply-chain/lambda-image-digest";
import { containerImageUnmaintained } from "../rules/supply-chain/container-image-unmaintained";
import { imageBuildAttestations } from "../rules/supply-chain/image-build-attestations";
import { gatekeeperRepositoryPrefix } from "../rules/supply-chain/gatekeeper-repository-prefix";
import { serviceImageDigest } from "../rules/supply-chain/service-image-digest";
import { lambdaCodeSigningEnforced } from "../rules/supply-chain/lambda-code-signing-enforced";
import { buildWebhookFilters } from "../rules/supply-chain/build-webhook-filters";

/** Rules on where images, models and charts come from. */
export const supplyChain: readonly CatalogEntry[] = [
  mandatory(containerImageDigest),
  mandatory(modelSourceDigest),
  mandatory(operatorImageDigest),
  advisory(containerImageRegistry),
  advisory(containerImagePullPolicy),
  mandatory(podImageVolumeDigest),
  advisory(modelSignature),
  mandatory(helmChartVersion),
  mandatory(helmRepositoryTls),
  mandatory(ecrImmutableTags),
  mandatory(ecrScanOnPush),
  advisory(ecrLifecycle),
  mandatory(lambdaImageDigest),
  advisory(containerImageUnmaintained),
  advisory(imageBuildAttestations),
  advisory(gatekeeperRepositoryPrefix),
  advisory(serviceImageDigest),
  advisory(lambdaCodeSigningEnforced),
  advisory(buildWebhookFilters),
];
