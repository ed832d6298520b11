/**
 * Adds logins (standard input, a Docker `config.json`) to the machine's file and prints the outcome. An empty helper makes Docker
 * take the login from the file, where the machine keeps its own in a store. No single quotes: it stands between two.
 */
const ADD_LOGINS = `
const { existsSync, readFileSync } = require("node:fs");
const machine = existsSync(process.argv[1]) ? JSON.parse(readFileSync(process.argv[1], "utf8")) : {};
const { auths } = JSON.parse(readFileSync(0, "utf8"));
const credHelpers = Object.fromEntries(Object.keys(auths).map((host) => [host, ""]));
console.log(JSON.stringify({
  ...machine,
  auths: { ...machine.auths, ...auths },
  credHelpers: { ...machine.credHelpers, ...credHelpers },
}));`;

/**
 * Builds an image and prints its reference with digest, with the tool that everyone builds images with: `docker buildx`. What it
 * builds is in its environment: REFERENCE (`repository:tag`), PLATFORMS, VARIANT, NODE_IMAGE, BASE_IMAGE, SBOM (nothing where nothing is
 * attested) and CACHE (a reference, or nothing). Logins, as a Docker `config.json`, are its standard input, where there are any.
 *
 * A tag says what is in the image, so that one which is there already is taken as it is: a build may have been interrupted after
 * its push, and tags that cannot be moved refuse a second one.
 */
export const BUILD_SCRIPT = `set -eu
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
logins=$(cat)
if [ -n "$logins" ]; then
  # A configuration of this build's own, so that no login stays behind; plugins, contexts and builders are the machine's.
  machine=\${DOCKER_CONFIG:-$HOME/.docker}
  mkdir "$work/docker"
  if [ -d "$machine" ]; then
    machine=$(cd "$machine" && pwd)
    for entry in "$machine"/*; do
      if [ -e "$entry" ] && [ "$entry" != "$machine/config.json" ]; then ln -s "$entry" "$work/docker/"; fi
    done
  fi
  printf '%s' "$logins" | node -e '${ADD_LOGINS}' "$machine/config.json" >"$work/docker/config.json"
  export DOCKER_CONFIG="$work/docker"
fi
digest=$(docker buildx imagetools inspect "$REFERENCE" 2>"$work/absent" | sed -n 's/^Digest: *\\(sha256:[0-9a-f]*\\) *$/\\1/p')
if [ -z "$digest" ]; then
  if [ -n "$SBOM" ]; then
    set -- --attest type=provenance,mode=max --attest "$SBOM"
  else
    # Said, since buildx attests a provenance of its own accord.
    set -- --provenance=false --sbom=false
  fi
  if [ -n "$CACHE" ]; then
    # Where tags cannot be moved, the first cache of the same packages stays, and others are refused.
    set -- "$@" --cache-from "type=registry,ref=$CACHE" \\
      --cache-to "type=registry,ref=$CACHE,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true"
  fi
  docker buildx build --progress plain --push --tag "$REFERENCE" --platform "$PLATFORMS" \\
    --build-arg "VARIANT=$VARIANT" --build-arg "NODE_IMAGE=$NODE_IMAGE" --build-arg "BASE_IMAGE=$BASE_IMAGE" \\
    --metadata-file "$work/metadata.json" "$@" . >"$work/log" 2>&1 || {
    tail -n 40 "$work/log" >&2
    exit 1
  }
  digest=$(sed -n 's/.*"containerimage.digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' "$work/metadata.json")
fi
if [ -z "$digest" ]; then
  echo "docker buildx did not say which digest $REFERENCE has." >&2
  exit 1
fi
printf '%s@%s' "\${REFERENCE%:*}" "$digest"
`;
