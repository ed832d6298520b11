import { GB, type SpaceNeed } from "./disk-space";
import { missingPrograms, toolchainDir } from "./go-group";
import { goFolders, type GoToolchain } from "./go-toolchain";
import { typicalSeconds, type GoGroup } from "./tool-groups";

/**
 * Measured with empty caches, rounded up, in bytes. Until it ends, `go build` keeps a second copy of all compiled packages
 * beside the programs.
 */
const NEEDS: Record<GoGroup["name"], { programs: number; compiled: number; sources: number }> = {
  engine: { programs: 1.8 * GB, compiled: 1.7 * GB, sources: 1.4 * GB },
  cluster: { programs: 5 * GB, compiled: 4.2 * GB, sources: 1.6 * GB },
  helm: { programs: 0.5 * GB, compiled: 0.3 * GB, sources: 0.1 * GB },
  promtool: { programs: 0.6 * GB, compiled: 0.5 * GB, sources: 0.5 * GB },
};

/** The folders that a build of the group writes to, and how much; less where a part of its programs is there already. */
export async function spaceNeeds(group: GoGroup, go: GoToolchain): Promise<SpaceNeed[]> {
  const { programs, compiled, sources } = NEEDS[group.name];
  const share = typicalSeconds(missingPrograms(group)) / typicalSeconds(group.programs);
  const { GOCACHE, GOMODCACHE } = await goFolders(go);
  return [
    { path: toolchainDir(), bytes: programs * share },
    { path: GOCACHE, bytes: compiled * share },
    { path: GOMODCACHE, bytes: sources * share },
  ];
}
