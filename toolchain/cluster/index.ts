export { type Cluster, type ClusterImage } from "./cluster";
export { findCluster } from "./find";
export { startCluster, type StartOptions } from "./start";
export { stopCluster, type StopOptions } from "./stop";
