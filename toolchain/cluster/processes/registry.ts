import { createHash } from "node:crypto";
import { join } from "node:path";
import { stringify } from "yaml";
import { REGISTRY } from "../settings";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

export const registry: Component = ({ layout, pki, tools }) => {
  const config = join(layout.config, "registry.yaml");
  // Signs the state of uploads; it only has to be the same after a restart and unknown to others.
  const secret = createHash("sha256").update(`registry ${pki.admin.key}`).digest("hex");
  const content = {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: layout.registry },
      delete: { enabled: true },
      cache: { blobdescriptor: "inmemory" },
    },
    http: { addr: REGISTRY, secret },
  };
  writeIfChanged(config, stringify(content), 0o600);
  return {
    name: "registry",
    command: tools.path("docker-registry"),
    args: ["serve", config],
    files: [config],
  };
};
