import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILD_SCRIPT } from "../../../components/image/build-script";

const BUILT = `sha256:${"b".repeat(64)}`;
const PUSHED = `sha256:${"c".repeat(64)}`;
const LOGINS = '{"auths":{"registry.example.com":{"auth":"dTpw"}}}';
const MACHINE = {
  auths: { other: { auth: "b3RoZXI=" } },
  credsStore: "desktop",
  credHelpers: { "gcr.io": "gcloud" },
  currentContext: "remote",
  proxies: { default: { httpsProxy: "http://proxy:3128" } },
};

/**
 * In place of docker: writes down how it was called and what it could log in with. `pushed` is a tag that is there; a build
 * writes its metadata, or fails where `broken` says so.
 */
const DOCKER = `#!/bin/sh
state=\${0%/*}/..
echo "$*" >>"$state/calls"
case "$1 $2" in
  "buildx imagetools")
    [ -e "$state/pushed" ] || { echo "ERROR: $4: not found" >&2; exit 1; }
    printf 'Name:      %s\\nMediaType: application/vnd.oci.image.index.v1+json\\nDigest:    %s\\n\\nManifests:\\n' "$4" "$(cat "$state/pushed")" ;;
  "buildx build")
    cp "$DOCKER_CONFIG/config.json" "$state/logins" 2>/dev/null || true
    ls "$DOCKER_CONFIG" >"$state/config" 2>/dev/null || true
    echo "#7 building" >&2
    [ -e "$state/broken" ] && { echo "ERROR: no such stage" >&2; exit 1; }
    while [ "$1" != --metadata-file ]; do shift; done
    printf '{\\n  "buildx.build.ref": "a/b",\\n  "containerimage.digest": "${BUILT}",\\n  "image.name": "n"\\n}\\n' >"$2" ;;
esac
`;

const ENVIRONMENT = {
  REFERENCE: "registry.example.com:5000/team/runtime:cpu-1.2.3-0123",
  PLATFORMS: "linux/amd64,linux/arm64",
  VARIANT: "cpu",
  NODE_IMAGE: "node@sha256:1",
  BASE_IMAGE: "base@sha256:2",
  SBOM: "type=sbom",
  CACHE: "registry.example.com:5000/team/runtime:cache-cpu-4567",
};

describe("the script that builds an image", () => {
  let state = "";
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "slipway-docker-"));
    for (const folder of ["bin", "home/.docker/cli-plugins", "home/.docker/buildx", "tmp"])
      mkdirSync(join(state, folder), { recursive: true });
    writeFileSync(join(state, "bin/docker"), DOCKER, { mode: 0o755 });
    writeFileSync(join(state, "home/.docker/config.json"), JSON.stringify(MACHINE));
  });
  afterEach(() => rmSync(state, { recursive: true }));

  const file = (name: string): string => readFileSync(join(state, name), "utf8");
  const run = (input: string, environment: Record<string, string> = {}) =>
    spawnSync("/bin/sh", ["-c", BUILD_SCRIPT], {
      input,
      encoding: "utf8",
      env: {
        PATH: `${state}/bin:${process.env.PATH}`,
        HOME: `${state}/home`,
        TMPDIR: `${state}/tmp`,
        ...ENVIRONMENT,
        ...environment,
      },
    });

  it("builds, pushes, attests and caches in one call, and prints the digest reference alone", () => {
    const { status, stdout, stderr } = run("");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(stdout, `registry.example.com:5000/team/runtime@${BUILT}`);
    const [, build = ""] = file("calls").trim().split("\n");
    assert.equal(
      build.replace(/--metadata-file \S+/, "--metadata-file M"),
      `buildx build --progress plain --push --tag ${ENVIRONMENT.REFERENCE} --platform linux/amd64,linux/arm64` +
        " --build-arg VARIANT=cpu --build-arg NODE_IMAGE=node@sha256:1 --build-arg BASE_IMAGE=base@sha256:2" +
        " --metadata-file M --attest type=provenance,mode=max --attest type=sbom" +
        ` --cache-from type=registry,ref=${ENVIRONMENT.CACHE}` +
        ` --cache-to type=registry,ref=${ENVIRONMENT.CACHE},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true .`,
    );
  });

  it("attests nothing where it is told to, so that one platform is a manifest and no list", () => {
    const { status, stdout } = run("", { SBOM: "", PLATFORMS: "linux/amd64", CACHE: "" });
    assert.deepEqual([status, stdout], [0, `registry.example.com:5000/team/runtime@${BUILT}`]);
    assert.match(file("calls"), /--platform linux\/amd64 .* --provenance=false --sbom=false \.\n$/);
    assert.doesNotMatch(file("calls"), /--attest/);
  });

  it("gives the Dockerfile every argument that it takes, and none besides", () => {
    run("");
    const given = [...file("calls").matchAll(/--build-arg (\w+)=/g)].map((match) => match[1]);
    const dockerfile = readFileSync(join(__dirname, "../../../Dockerfile"), "utf8");
    const taken = [...dockerfile.matchAll(/^ARG (\w+)$|^ARG (VARIANT)=cpu$/gm)].map(([, a, b]) => a ?? b);
    assert.deepEqual(given.sort(), taken.sort());
    assert.match(dockerfile, /^FROM .* AS build$[^]*?^ARG BUILDKIT_SBOM_SCAN_STAGE=true$[^]*?^FROM /m);
  });

  it("leaves the cache out where there is none", () => {
    assert.equal(run("", { CACHE: "" }).status, 0);
    assert.doesNotMatch(file("calls"), /cache/);
  });

  it("takes an image whose tag is there already, without building", () => {
    writeFileSync(join(state, "pushed"), PUSHED);
    const { status, stdout } = run(LOGINS);
    assert.deepEqual([status, stdout], [0, `registry.example.com:5000/team/runtime@${PUSHED}`]);
    assert.doesNotMatch(file("calls"), /buildx build/);
  });

  it("adds its logins to the machine's for this build alone, and past the machine's store of them", () => {
    assert.equal(run(LOGINS).status, 0);
    assert.deepEqual(JSON.parse(file("logins")), {
      ...MACHINE,
      auths: { ...MACHINE.auths, "registry.example.com": { auth: "dTpw" } },
      credHelpers: { ...MACHINE.credHelpers, "registry.example.com": "" },
    });
    assert.deepEqual(file("config").trim().split("\n").sort(), ["buildx", "cli-plugins", "config.json"]);
    assert.deepEqual(JSON.parse(file("home/.docker/config.json")), MACHINE);
  });

  it("logs in on a machine that never did", () => {
    rmSync(join(state, "home/.docker"), { recursive: true });
    assert.equal(run(LOGINS).status, 0);
    assert.deepEqual(JSON.parse(file("logins")), {
      ...JSON.parse(LOGINS),
      credHelpers: { "registry.example.com": "" },
    });
  });

  it("leaves Docker's configuration alone where it is given no login", () => {
    assert.equal(run("", { DOCKER_CONFIG: join(state, "home/.docker") }).status, 0);
    assert.deepEqual(JSON.parse(file("logins")), MACHINE);
  });

  it("leaves no login behind, whether the build succeeds or not", () => {
    run(LOGINS);
    assert.deepEqual(readdirSync(join(state, "tmp")), []);
    writeFileSync(join(state, "broken"), "");
    run(LOGINS);
    assert.deepEqual(readdirSync(join(state, "tmp")), []);
  });

  it("fails with the end of the build's log", () => {
    writeFileSync(join(state, "broken"), "");
    const { status, stdout, stderr } = run(LOGINS);
    assert.deepEqual([status, stdout, stderr], [1, "", "#7 building\nERROR: no such stage\n"]);
  });
});
