import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/*
 * Writes policies/model/aws-support.json from a checkout of github.com/endoflife-date/endoflife.date (MIT), which reads the
 * tables of AWS' own pages every day:
 *
 *   npx tsx test/policies/support/extract-aws-support.ts FOLDER DAY COMMIT
 *   npx prettier --write policies/model/aws-support.json
 *
 * DAY and COMMIT are those of the checkout's last commit (`git log -1 --format="%cs %H"`).
 */

interface Product {
  readonly releasePolicyLink: string;
  readonly releases: readonly Readonly<Record<string, unknown>>[];
}

const [folder = "", read = "", commit = ""] = process.argv.slice(2);

/** @param end the field that holds the day on which fixes end */
function table(file: string, end: string): Record<string, unknown> {
  const [, head = ""] = readFileSync(join(folder, "products", file), "utf8").split(/^---$/m);
  const { releasePolicyLink: source, releases } = parse(head, { schema: "failsafe" }) as Product;
  const ends = Object.fromEntries(
    releases.map((release) => [String(release["releaseCycle"]), String(release[end])]),
  );
  for (const [name, day] of Object.entries(ends))
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`${file}: ${name} has no day (${day})`);
  return { source, through: `endoflife.date products/${file} at ${commit}`, read, ends };
}

const path = join(__dirname, "../../../policies/model/aws-support.json");
const tables = { eks: table("amazon-eks.md", "eol"), lambda: table("aws-lambda.md", "eoas") };
writeFileSync(path, JSON.stringify(tables));
