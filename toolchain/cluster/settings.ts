/** The fixed addresses and names of the embedded cluster: one node in a network namespace of its own. */

/** The network namespace, which is also the name of the node. */
export const NETNS = "slipway";
export const NODE_NAME = "slipway";

/** The host's end of the veth pair that leads into the namespace. */
export const HOST_INTERFACE = "slipway0";
/** The node's end of the pair. */
export const NODE_INTERFACE = "eth0";
export const NODE_SUBNET = "10.213.77.0/24";
export const HOST_IP = "10.213.77.1";
export const NODE_IP = "10.213.77.2";
export const PREFIX_LENGTH = 24;

/** Addresses of pods; one node, so the cluster's range is the node's. */
export const POD_CIDR = "10.244.0.0/16";
export const NODE_POD_CIDR = "10.244.0.0/24";
export const SERVICE_CIDR = "10.96.0.0/16";
/** The first address of the service range belongs to the API server. */
export const API_SERVICE_IP = "10.96.0.1";
export const DNS_IP = "10.96.0.10";
export const CLUSTER_DOMAIN = "cluster.local";

export const API_PORT = 6443;
export const ETCD_CLIENT_PORT = 2379;
export const ETCD_PEER_PORT = 2380;
export const REGISTRY_PORT = 5000;
/** The registry as images name it: an address of the node, the same from pods, from containerd and from the host. */
export const REGISTRY = `${NODE_IP}:${REGISTRY_PORT}`;
export const API_URL = `https://${NODE_IP}:${API_PORT}`;

/** Node ports that the forwarder makes reachable on loopback. */
export const GATEWAY_NODE_PORT = 30443;
export const PROMETHEUS_NODE_PORT = 30909;
export const ALERTMANAGER_NODE_PORT = 30903;
/** @default of `--gateway-port` */
export const DEFAULT_GATEWAY_PORT = 8443;
/** Taken where they are free; otherwise any free port is. */
export const PREFERRED_PROMETHEUS_PORT = 9090;
export const PREFERRED_ALERTMANAGER_PORT = 9093;

/** Parent of every pod's cgroup, so that nothing of ours mixes with other containers of the machine. */
export const CGROUP_ROOT = "slipway";

/** Field manager of what the toolchain applies. */
export const FIELD_MANAGER = "slipway-toolchain";
