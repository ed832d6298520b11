import { installPackages } from "../../toolchain/build/debian-install";
import { findPrograms } from "../../toolchain/programs";
import { silent } from "../../toolchain/progress";

/** Where Debian's browser is, which is installed if it is not there; another one is named by SLIPWAY_CHROMIUM. */
export async function ensureChromium(): Promise<string> {
  const named = process.env.SLIPWAY_CHROMIUM;
  if (named) return named;
  if (findPrograms("chromium").length === 0) {
    await installPackages([{ name: "chromium", programs: ["chromium"] }], silent.start("chromium"));
  }
  return findPrograms("chromium")[0]!;
}
