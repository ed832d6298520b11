import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { dashboards } from "..";
import { projectRoot } from "../../toolchain/paths";
import { fillIn, readPanel, type CommittedDashboard } from "./panel-data";
import { PrometheusApi, type Span } from "./prometheus-api";
import { PictureMaker } from "./render";
import { startStage } from "./stage";

const USAGE = `Usage: npm run dashboards:pictures [-- [--prometheus URL --namespace NAME --rollout NAME] [--minutes N] [DASHBOARD ...]]
Draws the dashboards from live data into docs/pictures/: from a stage of real servers under load on this machine, which takes
N minutes (5), or from the last N minutes of a Prometheus that is there.`;
const COMMITTED = join(projectRoot, "components/observability/dashboards");
const PICTURES = join(projectRoot, "docs/pictures");
/** Points that a line has. */
const POINTS = 80;
const SCRAPE_SECONDS = 2;
const WINDOW_SECONDS = 20;

/** Where the data comes from. */
interface Source {
  readonly prometheus: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly scrapeSeconds: number;
  readonly what: string;
  close(): Promise<void>;
}

/** Real servers, watched until there is enough to see; halfway through, the callers change. */
async function stageFor(minutes: number): Promise<Source> {
  const stage = await startStage({ scrapeSeconds: SCRAPE_SECONDS, windowSeconds: WINDOW_SECONDS });
  console.log(`Two servers are asked and watched for ${minutes} minutes.`);
  await sleep(minutes * 30_000);
  await stage.shift();
  await sleep(minutes * 30_000);
  return {
    ...stage,
    scrapeSeconds: SCRAPE_SECONDS,
    what: "two servers under load, a comparator and a Prometheus (GPUs and reservations: fixtures with made-up numbers)",
  };
}

/** What time the pictures are of: up to a second since 1970. */
interface Time {
  readonly minutes: number;
  readonly until: number;
}

/** @returns bytes written */
async function draw(
  name: string,
  source: Source,
  { minutes, until }: Time,
  maker: PictureMaker,
): Promise<number> {
  const dashboard = JSON.parse(readFileSync(join(COMMITTED, `${name}.json`), "utf8")) as CommittedDashboard;
  const step = Math.max(source.scrapeSeconds, Math.ceil((minutes * 60) / POINTS));
  // Whole steps, so that Prometheus' times are the picture's.
  const end = Math.floor(until / step) * step;
  const span: Span = { start: end - Math.floor((minutes * 60) / step) * step, end, step };
  const api = new PrometheusApi(source.prometheus);
  const fill = fillIn(dashboard, source.variables, { ...span, step: Math.max(step, source.scrapeSeconds) });
  const panels = await Promise.all(dashboard.panels.map((panel) => readPanel(api, panel, fill, span)));
  const note = `Not a screenshot of Grafana: drawn by "npm run dashboards:pictures" with the queries of ${name}.json from ${minutes} minutes of live data of ${source.what}.`;
  const file = join(PICTURES, `${name}.png`);
  await maker.draw({ title: dashboard.title, panels, span, note }, file);
  return statSync(file).size;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      prometheus: { type: "string" },
      namespace: { type: "string", default: "slipway" },
      rollout: { type: "string", default: "voice" },
      minutes: { type: "string", default: "5" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void console.log(USAGE);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`\`--minutes\` is "${values.minutes}", but must be a number above 0.`);
  const names = positionals.length > 0 ? positionals : Object.keys(dashboards);
  const unknown = names.find((name) => !Object.hasOwn(dashboards, name));
  if (unknown !== undefined)
    throw new Error(`There is no dashboard "${unknown}"; there are ${Object.keys(dashboards).join(", ")}.`);
  const maker = await PictureMaker.start();
  const source =
    values.prometheus === undefined
      ? await stageFor(minutes)
      : {
          prometheus: values.prometheus,
          variables: { namespace: values.namespace, rollout: values.rollout },
          scrapeSeconds: 15,
          what: `the local stack`,
          close: () => Promise.resolve(),
        };
  try {
    mkdirSync(PICTURES, { recursive: true });
    // Drawing takes the processor from the servers: what comes from now on is not shown.
    const until = Date.now() / 1000;
    for (const name of names) {
      const bytes = await draw(name, source, { minutes, until }, maker);
      console.log(`docs/pictures/${name}.png  ${Math.round(bytes / 1024)} KiB`);
    }
  } finally {
    await Promise.all([source.close(), maker.close()]);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
