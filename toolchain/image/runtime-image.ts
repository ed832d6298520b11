import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { version } from "../../package.json";
import {
  CONTAINER_UID,
  GRPC_PORT,
  HTTP_PORT,
  IMAGE_DIR,
  IMAGE_ENTRYPOINT,
  METRICS_PORT,
} from "../../runtime/contract";
import { SlipwayError } from "../errors";
import { filesBelow } from "./files-below";
import type { ImageFile, ImageSpec } from "./image-spec";
import { keptBundle } from "./kept-bundle";
import { sharedLibraries } from "./shared-libraries";

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Files of this platform only: onnxruntime-node carries those of every platform, 288 MB instead of 45. */
const PLATFORM = `${process.platform}/${process.arch}`;

/** The inference server as an image made of this machine's node and libraries: no base image, no registry needed. */
export async function runtimeImageSpec(): Promise<ImageSpec> {
  return {
    name: "slipway/runtime",
    layers: [systemFiles(), onnxruntimeFiles(), await serverFiles()],
    config: {
      Entrypoint: IMAGE_ENTRYPOINT,
      Cmd: ["serve"],
      Env: ["PATH=/usr/bin", "NODE_ENV=production", `SSL_CERT_FILE=${CERTIFICATES}`],
      User: `${CONTAINER_UID}:${CONTAINER_UID}`,
      WorkingDir: IMAGE_DIR,
      ExposedPorts: Object.fromEntries(
        [HTTP_PORT, GRPC_PORT, METRICS_PORT].map((port) => [`${port}/tcp`, {}]),
      ),
      Labels: {
        "org.opencontainers.image.title": "slipway runtime",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0",
      },
    },
  };
}

function systemFiles(): ImageFile[] {
  return [
    {
      path: "/etc/passwd",
      content: `root:x:0:0:root:/:/sbin/nologin\nslipway:x:${CONTAINER_UID}:${CONTAINER_UID}::/:/sbin/nologin\n`,
    },
    { path: "/etc/group", content: `root:x:0:\nslipway:x:${CONTAINER_UID}:\n` },
    { path: "/tmp", directory: true, mode: 0o1777 },
    ...(existsSync(CERTIFICATES) ? [{ path: CERTIFICATES, source: CERTIFICATES, mode: 0o644 }] : []),
    ...systemLibraries(),
    { path: "/usr/bin/node", source: process.execPath, mode: 0o755 },
  ];
}

/** The machine's own libraries. onnxruntime's lies beside its binding, in a layer of its own. */
function systemLibraries(): ImageFile[] {
  const libraries = sharedLibraries(process.execPath, onnxruntimeLibrary());
  return libraries.filter(({ path }) => !path.startsWith(`${onnxruntimeDir()}/`));
}

function onnxruntimeDir(): string {
  return join(require.resolve("onnxruntime-node"), "../..");
}

function onnxruntimeLibrary(): string {
  const native = filesBelow(join(onnxruntimeDir(), "bin")).find(
    (file) => file.includes(`/${PLATFORM}/`) && file.endsWith("onnxruntime_binding.node"),
  );
  if (native) return native;
  throw new SlipwayError(
    `onnxruntime-node has no library for ${PLATFORM}; use an existing image with --runtime-image`,
  );
}

/** The library's JavaScript and this platform's native files, where `require` finds them. */
function onnxruntimeFiles(): ImageFile[] {
  const modules = `${IMAGE_DIR}/node_modules`;
  const common = join(require.resolve("onnxruntime-common"), "../../..");
  const keep = (file: string) =>
    file.endsWith("/package.json") ||
    (/\/dist\/.*\.js$/.test(file) && !file.endsWith(".min.js")) ||
    isOurs(file);
  const isOurs = (file: string) => file.includes("/bin/") && file.includes(`/${PLATFORM}/`);
  const copy = (dir: string, name: string, wanted: (file: string) => boolean): ImageFile[] =>
    filesBelow(dir)
      .filter(wanted)
      .map((file) => ({ path: `${modules}/${name}/${relative(dir, file)}`, source: file }));
  return [
    ...copy(onnxruntimeDir(), "onnxruntime-node", keep),
    ...copy(
      common,
      "onnxruntime-common",
      (file) => file.endsWith("package.json") || /\/dist\/cjs\/.*\.js$/.test(file),
    ),
  ];
}

/** Given as content: the image is then cached by what the files say, not by when they were written. */
async function serverFiles(): Promise<ImageFile[]> {
  const files = [...(await keptBundle())];
  return files.map(([path, content]) => ({ path: `${IMAGE_DIR}/${path}`, content, mode: 0o644 }));
}
