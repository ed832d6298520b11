import { existsSync } from "node:fs";
import type { ImageFile, ImageSpec } from "./image-spec";
import { sharedLibraries } from "./shared-libraries";

/** Unprivileged user of the system images, the same number that distroless images call `nonroot`. */
const NONROOT = 65532;

/** Where the programs lie that the images hold. */
export interface Programs {
  path(name: string): string;
}

/** The images of the cluster's own services, each one program on nothing. */
export const SYSTEM_IMAGES = [
  "pause",
  "coredns",
  "metrics-server",
  "envoy-gateway",
  "envoy",
  "prometheus-operator",
  "prometheus-config-reloader",
  "prometheus",
  "prometheus-alertmanager",
] as const;

export type SystemImage = (typeof SYSTEM_IMAGES)[number];

const ALERTMANAGER_TEXTS = ["default.tmpl", "email.tmpl"].map(
  (name) => `/usr/share/prometheus/alertmanager/${name}`,
);

const ROOT_FILES: readonly ImageFile[] = [
  {
    path: "/etc/passwd",
    content: `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${NONROOT}:${NONROOT}:nonroot:/:/sbin/nologin\n`,
  },
  { path: "/etc/group", content: `root:x:0:\nnonroot:x:${NONROOT}:\n` },
  { path: "/tmp", directory: true, mode: 0o1777 },
];

/** Describes a system image. Libraries come first: they change with the machine's distribution only. */
export function systemImage(name: SystemImage, programs: Programs): ImageSpec {
  const source = programs.path(name);
  const path = `/usr/bin/${name}`;
  const libraries = sharedLibraries(source);
  const layers = [[...ROOT_FILES, ...libraries, ...extraFiles(name)], [{ path, source, mode: 0o755 }]];
  return {
    name: `system/${name}`,
    layers: name === "pause" ? [[{ path, source, mode: 0o755 }]] : layers,
    config: {
      Entrypoint: [path],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      User: `${NONROOT}:${NONROOT}`,
      WorkingDir: "/",
    },
  };
}

function extraFiles(name: SystemImage): ImageFile[] {
  switch (name) {
    case "prometheus":
      // Charts and the operator look for the program and its pages where the upstream image has them.
      return [{ path: "/bin/prometheus", linkTarget: "/usr/bin/prometheus" }];
    case "prometheus-alertmanager":
      return [
        { path: "/bin/alertmanager", linkTarget: "/usr/bin/prometheus-alertmanager" },
        // Debian's reads the texts of notifications from files, which upstream's has inside.
        ...ALERTMANAGER_TEXTS.filter(existsSync).map((path) => ({ path, source: path, mode: 0o644 })),
      ];
    case "prometheus-operator":
      return [{ path: "/bin/operator", linkTarget: "/usr/bin/prometheus-operator" }];
    case "prometheus-config-reloader":
      return [{ path: "/bin/prometheus-config-reloader", linkTarget: "/usr/bin/prometheus-config-reloader" }];
    case "envoy-gateway":
      return [{ path: "/usr/local/bin/envoy-gateway", linkTarget: "/usr/bin/envoy-gateway" }];
    case "envoy":
      return [{ path: "/usr/local/bin/envoy", linkTarget: "/usr/bin/envoy" }];
    default:
      return [];
  }
}
