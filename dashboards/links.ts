import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Link } from "./panels";

const TAG = "slipway";

/** What all dashboards have in common: how they are found, and the way from each to the others with what was chosen. */
export function dashboard(uid: string, title: string, description: string): DashboardBuilder {
  return new DashboardBuilder(`Slipway / ${title}`)
    .uid(`slipway-${uid}`)
    .description(description)
    .tags([TAG])
    .link(
      new DashboardLinkBuilder("Slipway")
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .includeVars(true)
        .keepTime(true),
    );
}

const KEPT = "${datasource:queryparam}&${namespace:queryparam}&${__url_time_range}";

/** To the model dashboard, with the service of the series that was clicked on. */
export const TO_MODELS: Link = {
  title: "Models of ${__field.labels.service}",
  url: `/d/slipway-model?${KEPT}&var-service=\${__field.labels.service}`,
};

/** To drift and quality of the version that was clicked on. */
export const TO_DRIFT: Link = {
  title: "Drift of ${__field.labels.model}/${__field.labels.version}",
  url: `/d/slipway-drift?${KEPT}&\${service:queryparam}&var-model=\${__field.labels.model}&var-version=\${__field.labels.version}`,
};
