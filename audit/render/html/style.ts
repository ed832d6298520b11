import { DARK, LIGHT, variables } from "./palette";

const BASE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--text);font:.95rem/1.5 system-ui,"Segoe UI","DejaVu Sans",sans-serif}
main,header,footer{max-width:80rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.5rem}
footer{padding-bottom:4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem}
h3{font-size:1.05rem;line-height:1.35;margin:0;overflow-wrap:anywhere}
p{margin:.25rem 0;overflow-wrap:anywhere}
a{color:var(--accent)}
ul,ol{margin:.25rem 0;padding-left:1.25rem}
li{overflow-wrap:anywhere}
code,pre,.urn{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
code{font-size:.87em;overflow-wrap:anywhere}
pre{margin:.25rem 0;padding:.6rem .75rem;border:1px solid var(--line);border-radius:.3rem;background:var(--raised);white-space:pre-wrap;overflow-wrap:anywhere;font-size:.87rem}
pre code{font-size:inherit}
.muted,.urn,.type{color:var(--muted)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:.2rem}
.skip{position:absolute;left:-100rem}
.skip:focus{position:static;display:inline-block;margin:.5rem 1.25rem}
.hidden-text{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}`;

const PARTS = `
.verdict{border:1px solid var(--line);border-left:.4rem solid;border-radius:.3rem;padding:.6rem .9rem;background:var(--raised);margin:1rem 0}
.verdict.bad{border-left-color:var(--fail)}
.verdict.open{border-left-color:var(--indeterminate)}
.verdict.ok{border-left-color:var(--pass)}
.verdict strong{font-size:1.05rem}
.verdict.bad>p:first-child strong{color:var(--fail)}
.verdict.open>p:first-child strong{color:var(--indeterminate)}
.verdict.ok>p:first-child strong{color:var(--pass)}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.25rem,1fr));gap:.75rem;margin:1rem 0;padding:0}
.counts>div{display:flex;flex-direction:column;justify-content:space-between;border:1px solid var(--line);border-top:.25rem solid;border-radius:.3rem;padding:.5rem .75rem .6rem}
.counts dt{color:var(--muted);font-size:.9rem}
.counts dd{margin:0;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.counts .fail{border-top-color:var(--fail)}
.counts .indeterminate{border-top-color:var(--indeterminate)}
.counts .waived{border-top-color:var(--waived)}
.counts .pass{border-top-color:var(--pass)}
.counts .not-applicable{border-top-color:var(--notApplicable)}
.state{white-space:nowrap;font-weight:600}
.state.fail{color:var(--fail)}
.state.indeterminate{color:var(--indeterminate)}
.state.waived{color:var(--waived)}
.state.pass{color:var(--pass)}
.state.not-applicable{color:var(--notApplicable)}
.severity{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .6rem;font-size:.87rem;font-weight:600}
.severity.critical{background:var(--fail);border-color:var(--fail);color:var(--onFill)}
.severity.high{color:var(--fail)}
.severity.medium{color:var(--indeterminate)}
.severity.low{color:var(--muted)}
.facts{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;margin:.35rem 0}
.mend-title{margin-top:.5rem;font-weight:600}
.rule{border:1px solid var(--line);border-radius:.4rem;padding:.9rem 1rem;margin:0 0 1rem}
.rule-head{display:flex;flex-wrap:wrap;gap:.15rem 1rem;align-items:baseline;justify-content:space-between}
.tally{font-size:.9rem}
.findings{list-style:none;margin:.75rem 0 0;padding:0}
.finding{border-left:.25rem solid;padding:.4rem 0 .4rem .75rem;margin:.5rem 0}
.finding>p:first-child{color:var(--text)}
.finding.fail{border-left-color:var(--fail)}
.finding.indeterminate{border-left-color:var(--indeterminate)}
.finding.waived{border-left-color:var(--waived)}
.finding .urn{font-size:.78rem}
.type{font-size:.9rem}
.waiver,.remediated{padding-left:.75rem;border-left:1px solid var(--line)}
summary{cursor:pointer;padding:.2rem 0;overflow-wrap:anywhere}
details.list{margin:.5rem 0 0}
.frameworks{list-style:none;padding:0;margin:0}
.frameworks>li{border-bottom:1px solid var(--line);padding:.25rem 0}
.frameworks summary .row{display:inline-grid;grid-template-columns:minmax(0,1.5fr) minmax(5rem,1.2fr) minmax(11rem,1.7fr);gap:.25rem 1rem;align-items:center;width:calc(100% - 1.5rem);vertical-align:middle}
.bar{display:block;width:100%;height:.8rem;border-radius:.2rem;background:var(--raised);outline:1px solid var(--line)}
.bar .fail{fill:var(--fail)}
.bar .indeterminate{fill:var(--indeterminate)}
.bar .waived{fill:var(--waived)}
.bar .pass{fill:var(--pass)}
.bar .not-applicable{fill:var(--line)}
.digest{font-size:.8rem}`;

const EXPLORER = `
.explorer{display:grid;grid-template-columns:17rem minmax(0,1fr);gap:0 1.5rem;align-items:start}
.explorer[hidden]{display:none}
.explorer>h2{grid-column:1/-1}
.filters{position:sticky;top:.75rem;max-height:calc(100vh - 1.5rem);overflow:auto;border:1px solid var(--line);border-radius:.4rem;background:var(--raised);padding:.5rem .9rem .9rem}
.filters>summary{font-weight:600}
.filters fieldset{border:0;margin:.6rem 0;padding:0;min-width:0}
.filters legend,.filters .label{display:block;font-weight:600;font-size:.9rem;padding:0;margin:.5rem 0 .15rem}
.filters .choice{display:flex;gap:.5rem;align-items:center;padding:.15rem 0;min-height:1.75rem}
.filters .choice .number{margin-left:auto;color:var(--muted);font-variant-numeric:tabular-nums;font-size:.9rem}
input[type=checkbox]{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--accent);flex:none}
input[type=search],select{width:100%;font:inherit;color:var(--text);background:var(--background);border:1px solid var(--edge);border-radius:.3rem;padding:.35rem .5rem;min-height:2.25rem}
button{font:inherit;color:var(--text);background:var(--background);border:1px solid var(--edge);border-radius:.3rem;padding:.35rem .8rem;min-height:2.25rem;cursor:pointer}
button:hover{border-color:var(--accent)}
button[disabled]{color:var(--muted);cursor:default;border-color:var(--line)}
.filters button{width:100%;margin-top:.6rem}
.count{font-weight:600;margin:0}
.applied{margin:0}
#results{margin-top:.75rem}
.pages{display:flex;gap:.75rem;align-items:center;justify-content:center;margin:1rem 0}
.pages[hidden]{display:none}
.nothing{border:1px dashed var(--edge);border-radius:.4rem;padding:1.5rem;text-align:center}
@media screen{.script .written-out,.on-paper{display:none}}
@media screen and (max-width:56rem){.explorer{grid-template-columns:minmax(0,1fr)}.filters{position:static;max-height:none;margin-bottom:1rem}
.frameworks summary .row{grid-template-columns:minmax(0,1fr)}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}`;

/** Paper is white, whatever the screen was, and shows all there is unless a reader chose otherwise. */
const PRINT = `
@page{margin:16mm 14mm}
@media print{
:root{color-scheme:light;${variables(LIGHT)}}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:9.5pt}
.counts{grid-template-columns:repeat(5,1fr)}
main,header,footer{max-width:none;padding:0}
.skip,.filters,.pages,button,.frameworks .scroll{display:none}
.scroll{overflow:visible}
.on-paper h3{margin:1rem 0 .25rem}
.explorer{display:none}
.print-shown .explorer{display:block}
.print-shown .written-out{display:none}
.finding,tr,.counts,.frameworks summary,.verdict{break-inside:avoid}
.rule{border:0;border-top:1px solid var(--line);border-radius:0;padding:.75rem 0 0}
h2,h3,.rule-head,.facts,.mend-title,summary{break-after:avoid}
pre{break-inside:avoid}
thead{display:table-header-group}
details::details-content{content-visibility:visible;block-size:auto}
.mend,.quiet .controls ul{display:none}
summary{list-style:none}
a{color:inherit;text-decoration:none}
}`;

export const STYLE = `${BASE}${PARTS}${EXPLORER}${PRINT}\n`;
