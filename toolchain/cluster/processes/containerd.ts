import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../layout";
import { fileSystemOf } from "../mounts";
import { NODE_POD_CIDR, REGISTRY } from "../settings";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

/** Where Debian's containernetworking-plugins puts them. */
export const CNI_PLUGINS = "/usr/lib/cni";
export const CNI_NETWORK = "slipway";

export const containerd: Component = ({ layout, tools, pauseImage }) => {
  const config = join(layout.config, "containerd.toml");
  const network = join(layout.cni, "conf", "10-slipway.conflist");
  const hosts = join(layout.config, "registries", REGISTRY, "hosts.toml");
  mkdirSync(join(layout.cni, "conf"), { recursive: true });
  mkdirSync(join(hosts, ".."), { recursive: true });
  // An overlay cannot lie on an overlay: a state folder inside a container takes plain copies.
  const snapshotter = fileSystemOf(layout.containerd) === "overlay" ? "native" : "overlayfs";
  writeIfChanged(config, containerdConfiguration(layout, pauseImage, snapshotter));
  writeIfChanged(network, `${JSON.stringify(cniConfiguration(layout), null, 2)}\n`);
  writeIfChanged(
    hosts,
    `server = "http://${REGISTRY}"\n\n[host."http://${REGISTRY}"]\n  capabilities = ["pull", "resolve"]\n`,
  );
  return {
    name: "containerd",
    command: tools.path("containerd"),
    args: [`--config=${config}`],
    files: [config, network, hosts],
  };
};

export function containerdConfiguration(layout: Layout, pauseImage: string, snapshotter: string): string {
  const text = (value: string) => JSON.stringify(value);
  return `version = 2
root = ${text(layout.containerd)}
state = ${text(join(layout.run, "containerd"))}
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = ${text(layout.containerdSocket)}

[debug]
  level = "warn"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(pauseImage)}
  # Without it runc cannot lower scores again where the parent has raised its own.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = ${text(CNI_PLUGINS)}
  conf_dir = ${text(join(layout.cni, "conf"))}

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = ${text(join(layout.config, "registries"))}

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = ${text(snapshotter)}
  # The registry of the node keeps the layers; a second copy would only take space.
  discard_unpacked_layers = true

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  Root = ${text(join(layout.run, "runc"))}
  SystemdCgroup = false
`;
}

/**
 * Every pod hangs on a cable of its own, so that traffic between pods is routed by the node and its packet filter sees
 * it: a bridge would need one more kernel module for that.
 */
export function cniConfiguration(layout: Layout): object {
  return {
    cniVersion: "0.4.0",
    name: CNI_NETWORK,
    plugins: [
      {
        type: "ptp",
        ipMasq: true,
        ipam: {
          type: "host-local",
          dataDir: join(layout.cni, "addresses"),
          ranges: [[{ subnet: NODE_POD_CIDR }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true }, snat: true },
    ],
  };
}
