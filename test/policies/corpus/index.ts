import { assemble, type Twin, type TwinData } from "./model";
import { awsCompute } from "./twins/aws-compute";
import { awsNetwork } from "./twins/aws-network";
import { awsHardening } from "./twins/aws-hardening";
import { awsKeysAndMessages } from "./twins/aws-keys-and-messages";
import { awsData } from "./twins/aws-data";
import { awsEdge } from "./twins/aws-edge";
import { awsIam } from "./twins/aws-iam";
import { awsStorage } from "./twins/aws-storage";
import { clusterAccess } from "./twins/cluster-access";
import { clusterNetwork } from "./twins/cluster-network";
import { gatewayTwins } from "./twins/gateway";
import { gatewayApi } from "./twins/gateway-api";
import { podHardening } from "./twins/pod-hardening";
import { rollouts } from "./twins/rollouts";
import { podSecurity } from "./twins/pod-security";
import { workloads } from "./twins/workloads";

const AREAS: Readonly<Record<string, readonly TwinData[]>> = {
  "pod-security": [...podSecurity, ...podHardening],
  workloads: [...workloads, ...rollouts],
  "cluster-access": clusterAccess,
  "cluster-network": clusterNetwork,
  gateway: [...gatewayTwins, ...gatewayApi],
  "aws-storage": [...awsStorage, ...awsKeysAndMessages],
  "aws-compute": [...awsCompute, ...awsNetwork, ...awsHardening],
  "aws-data": awsData,
  "aws-edge": awsEdge,
  "aws-iam": awsIam,
};

/** Every pair, written from public controls before the rules that it measures. */
export const corpus: readonly Twin[] = Object.entries(AREAS).flatMap(([area, data]) =>
  data.map((twin, position) => assemble(area, twin, position)),
);
