import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardJson, dashboards } from ".";

/** Writes what the component ships: `npm run dashboards`. */
for (const name of Object.keys(dashboards)) {
  writeFileSync(
    join(__dirname, "../components/observability/dashboards", `${name}.json`),
    dashboardJson(name),
  );
  console.log(`components/observability/dashboards/${name}.json`);
}
