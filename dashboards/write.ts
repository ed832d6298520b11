import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardJson, dashboards } from ".";

/** Writes what the component ships: `npm run dashboards`. All of it or, where a dashboard is wrong, nothing. */
const files = Object.keys(dashboards).map((name) => [`${name}.json`, dashboardJson(name)] as const);
for (const [file, content] of files) {
  writeFileSync(join(__dirname, "../components/observability/dashboards", file), content);
  console.log(`components/observability/dashboards/${file}`);
}
