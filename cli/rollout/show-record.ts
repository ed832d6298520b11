import pc from "picocolors";
import type { RecordEntry } from "../../rollout/record/entry";
import { plainText } from "../../rollout/record/plain-text";
import { recordPage } from "../../rollout/record/page/page";
import { exportRecord } from "../../rollout/record/storage";
import { verifyRecord, type Verification } from "../../rollout/record/verify";
import { SlipwayError } from "../../toolchain/errors";
import type { OutputFile } from "../output-file";
import { clusterIdentity, isOfFormerCluster } from "./cluster-identity";
import type { KnownRollout } from "./known-rollout";
import type { OpenProfile } from "./open-desk";
import { readEntries } from "./record-store";

export interface RecordRequest {
  readonly json?: OutputFile;
  readonly html?: OutputFile;
  readonly verify?: boolean;
}

/** Exports what was asked for; without any of it the entries are printed. A record that is not whole is an error after that. */
export async function showRecord(
  open: OpenProfile,
  rollout: KnownRollout,
  { json, html, verify }: RecordRequest,
): Promise<void> {
  const { name, namespace, record } = rollout;
  const entries = await readEntries(open.cluster, { namespace, service: name, record });
  json?.write(exportRecord(entries));
  if (html || verify) {
    const heads = await headsOf(open, rollout);
    const head = heads.at(-1);
    const verification = verified(open.publicKey, entries, heads);
    html?.write(recordPage({ service: name, entries, verification, ...(head ? { head } : {}) }));
    if (verify) sayVerification(name, verification, head);
    return;
  }
  if (!json)
    console.log(entries.length === 0 ? "Nothing has been switched yet." : entries.map(entryText).join("\n"));
}

/** Hashes of the entries that this cluster must have. An update exports the head of its day; what the last command here noted is newer. */
async function headsOf({ cluster, store }: OpenProfile, rollout: KnownRollout): Promise<string[]> {
  const { name, recordHead = "", recordCluster } = rollout;
  const heads = [{ hash: recordHead, cluster: recordCluster }, store.headOf(name)];
  const identity = await clusterIdentity(cluster);
  return heads
    .filter((head) => !isOfFormerCluster(head, identity))
    .map((head) => head?.hash ?? "")
    .filter((hash) => hash !== "");
}

/** @param heads hashes of entries that must be there, the newest last */
function verified(
  publicKey: string | undefined,
  entries: readonly RecordEntry[],
  heads: readonly (string | undefined)[],
): Verification {
  if (!publicKey) {
    throw new SlipwayError("the stack's outputs have no key that verifies records (`recordPublicKey`)");
  }
  const against = heads.map((head) => verifyRecord(entries, publicKey, head));
  return against.find(({ ok }) => !ok) ?? against.at(-1) ?? verifyRecord(entries, publicKey);
}

function sayVerification(service: string, verification: Verification, head: string | undefined): void {
  if (!verification.ok) {
    throw new SlipwayError(
      `the record of \`${service}\` is not whole: ${verification.problem.replace(/\.$/, "")}`,
    );
  }
  const { entries, beyondHead } = verification;
  const against = head
    ? `${beyondHead} of them after the head that was noted last`
    : "no head was exported yet, so entries cut off the end would not show";
  // Standard output may be the export.
  console.error(`The record of ${service} is whole: ${entries} entries, ${against}.`);
}

/** One entry as a line, and the gates' numbers below it. Whoever may write ConfigMaps may have put anything there: it stays text. */
export function entryText({ sequence, at, by, action, why, live, from, to, gates }: RecordEntry): string {
  const line =
    `${String(sequence).padStart(4)}  ${plainText(at)}  ${pc.bold(action.padEnd(15))}  blue ${from.blue} → ${to.blue} %, ` +
    `green ${from.green} → ${to.green} %, ${live} live; ${plainText(by)}: ${plainText(why)}`;
  return [
    line,
    ...gates.map(
      ({ gate, verdict, reason }) => `      gate ${plainText(gate)}: ${verdict}, ${plainText(reason)}`,
    ),
  ].join("\n");
}
