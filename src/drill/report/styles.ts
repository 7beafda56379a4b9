/** The style sheet of a report: light and dark, narrow and wide, on paper. */
export const styles = `
:root{color-scheme:light dark;--ink:#1c2733;--dim:#5a6673;--paper:#fff;--line:#d9dee4;--good:#1a6b45;--bad:#a3211f;--curve:#2f6f9f;--mark:#b06a00}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf0;--dim:#a3afbb;--paper:#12181f;--line:#313c47;--good:#5fc796;--bad:#ff8d86;--curve:#6fb1e0;--mark:#eaa53c}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:68rem;margin:auto;padding:1.5rem 1rem 3rem}
header{border-left:.5rem solid var(--good);padding:0 1rem}header.bad{border-color:var(--bad)}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .8rem}.good h1{color:var(--good)}.bad h1{color:var(--bad)}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem}.kind,.small,figcaption,summary{color:var(--dim)}.kind{margin:0}.small,figcaption{font-size:.9rem}
.figures{display:flex;flex-wrap:wrap;gap:.4rem 2rem;list-style:none;padding:0}.figures b{font-size:1.4rem;display:block}
code{overflow-wrap:anywhere;background:color-mix(in srgb,var(--line) 45%,transparent);padding:.1rem .3rem;border-radius:.2rem}
svg{width:100%;height:auto;display:block}svg text{font:11px system-ui,sans-serif;fill:var(--dim)}
path.answered{fill:var(--curve)}path.failed{fill:var(--bad)}path.line{stroke:var(--mark);stroke-width:.7;fill:none}
path.mark{stroke:var(--mark);stroke-width:9;fill:none}path.kill,path.failover{stroke:var(--bad)}path.cut,path.slow{stroke:var(--curve)}
.key{border-bottom:.25rem solid var(--curve)}.key.failed{border-color:var(--bad)}
.spreads{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:1rem}figure{margin:0}.spread rect{fill:var(--curve)}.spread text{font-size:7px}
.wide{overflow-x:auto;margin:.8rem 0}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th{text-align:left}th,td{border-bottom:1px solid var(--line);padding:.2rem 1rem .2rem 0;vertical-align:top}
td:first-child{white-space:nowrap}.why{color:var(--bad)}dt{font-weight:600}dd{margin:0 0 .4rem}
@media print{details{display:none}}
`.trim();
