import type { AuditReport } from "../../report";
import { foreign, markup, type Markup } from "../markup";
import { counted } from "../text";

const row = (kind: string, name: string, digest: string): Markup =>
  markup`<tr><th scope="row">${foreign(kind)}</th><td>${foreign(name)}</td><td><code class="digest">${digest}</code></td></tr>
`;

/** What the report was made of, so that anyone can make it again. */
export function appendix(report: AuditReport): Markup {
  const { pack, profiles, terms, inputs, asOf, schemaVersion, signature } = report;
  return markup`<section aria-labelledby="inputs-title">
<h2 id="inputs-title">What this report was made of</h2>
<p>The same inputs give the same report, to the byte. The only clock was the day it was made for, ${asOf}.</p>
<p>Rules were bound by ${counted(profiles.length, "profile")} of the pack: ${profiles.map((name, i) => [i > 0 && ", ", markup`<code>${foreign(name)}</code>`])}. A waiver may go on for ${counted(terms.maxWaiverDays, "day")}. What is not known of a mandatory rule ${terms.failOnIndeterminate ? "fails" : "does not fail"} the audit.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Inputs"><table>
<thead><tr><th scope="col">Input</th><th scope="col">Name</th><th scope="col">SHA-256</th></tr></thead>
<tbody>
${row("policy pack", `${pack.name} ${pack.version}`, pack.sha256)}${inputs.map(({ kind, name, sha256 }) => row(kind, name, sha256))}</tbody></table></div>
<p>${
    signature
      ? markup`The report.json beside this page is signed (${foreign(signature.algorithm)}) with key <code class="digest">${foreign(signature.keyId)}</code>; this page itself is not.`
      : "The report.json beside this page is not signed."
  } Its format is version ${schemaVersion}.</p>
</section>`;
}
