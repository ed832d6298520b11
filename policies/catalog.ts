import { access } from "./areas/access";
import { availability } from "./areas/availability";
import { change } from "./areas/change";
import { coverage } from "./areas/coverage";
import { encryption } from "./areas/encryption";
import { iam } from "./areas/iam";
import { logging } from "./areas/logging";
import { monitoring } from "./areas/monitoring";
import { network } from "./areas/network";
import { pods } from "./areas/pods";
import { secrets } from "./areas/secrets";
import { supplyChain } from "./areas/supply-chain";
import { traffic } from "./areas/traffic";
import type { CatalogEntry } from "./areas/entry";

export type { CatalogEntry } from "./areas/entry";

/** Every rule of the pack with its enforcement, in the order of the reference page. */
export const catalog: readonly CatalogEntry[] = [
  ...traffic,
  ...network,
  ...pods,
  ...supplyChain,
  ...secrets,
  ...access,
  ...monitoring,
  ...availability,
  ...change,
  ...iam,
  ...logging,
  ...encryption,
  ...coverage,
];
