import { createHash } from "node:crypto";
import type { AuditReport } from "../../report";
import { Markup, markup } from "../markup";
import { resourcesOf } from "../order";
import { appendix } from "./appendix";
import bundle from "./client-bundle.json";
import { compact, embedded } from "./compact";
import { controlsOnPaper, coverage } from "./coverage";
import { explorer } from "./explorer";
import { overview } from "./overview";
import { STYLE } from "./style";
import { writtenOut } from "./written-out";

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded or sent; the one script and the one style are known by their content. */
const POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(bundle.script)}`,
  `style-src ${hashOf(STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Ours, or made safe by `embedded`. */
const asIs = (text: string): Markup => Markup.of([text], []);

/** The report as one HTML file that needs nothing else: on screen, on paper, and without scripts. */
export function renderHtml(report: AuditReport): string {
  const { project, stack } = report.subject;
  const data = embedded(compact(report, resourcesOf(report)));
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>Policy audit of ${`${project}/${stack}`}</title>
<style>${asIs(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
${overview(report)}
</header>
<main id="main" tabindex="-1">
${coverage(report)}
${explorer(report)}
${writtenOut(report)}
${controlsOnPaper(report)}
</main>
<footer>
${appendix(report)}
</footer>
<script type="application/json" id="report">${asIs(data)}</script>
<script>${asIs(bundle.script)}</script>
</body>
</html>
`.toString();
}
