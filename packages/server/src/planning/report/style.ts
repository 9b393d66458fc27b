import { limitLanguages } from '@cityloop/economy'

const shownLanguages = limitLanguages.map((code) => `:root:not(:has(#lang-${code}:checked)) .l-${code}{display:none}`).join('')

/** The style of a report: system fonts, colours by the reader's setting, readable in print. */
export const style = `
:root{color-scheme:light dark;--ground:#fbfbf9;--sheet:#fff;--ink:#1c2024;--quiet:#5c6470;--line:#d9dce0;--inner:#1f5fbf;--outer:#0f7a5a;--cross:#8a4b08;--world:#5a4fa3;--guess:#a3307a;--none:#a9afb8;--band1:#bcd3f5;--band2:#8db4ec;--alarm:#9c2b12;--alarm-ground:#fff1ea}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--sheet:#1c2026;--ink:#e8eaed;--quiet:#a0a8b4;--line:#363c45;--inner:#7fb0ff;--outer:#5cc9a2;--cross:#e5a55a;--world:#b9aef5;--guess:#f08fca;--none:#656d79;--band1:#243a5c;--band2:#345a92;--alarm:#ffb59e;--alarm-ground:#3a2118}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",sans-serif}
main{max-width:1120px;margin:0 auto;padding:20px 20px 60px}
h1{font-size:1.9rem;line-height:1.2;margin:.4em 0 .2em}h2{font-size:1.3rem;margin:2.2em 0 .5em}
p{max-width:75ch;margin:.5em 0}.quiet{color:var(--quiet)}
.languages{border:0;padding:0;margin:0;display:flex;gap:4px 14px;flex-wrap:wrap;align-items:center;font-size:.9rem;color:var(--quiet)}
.languages legend{float:left;margin-right:14px;padding:0}.switch{display:inline-flex;gap:5px;align-items:center;cursor:pointer}
.switch:has(:checked){color:var(--ink);font-weight:600}
.sheet{background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:16px;margin:12px 0;overflow-x:auto}
.ribbon,.limits{border-left:4px solid var(--alarm);background:var(--alarm-ground);padding:10px 16px;border-radius:0 8px 8px 0;margin:14px 0}
.ribbon{font-weight:600;color:var(--alarm)}.limits h3{margin:.1em 0 .3em;font-size:1rem}.limits ul{margin:.2em 0;padding-left:1.2em}.limits li{max-width:80ch;margin:.25em 0}
svg{display:block;font:13px system-ui,"Hiragino Sans","Noto Sans CJK JP",sans-serif;fill:var(--ink)}
.circles{min-width:820px;width:100%;height:auto}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px}
.figures figure{margin:0}.figures svg{width:100%;height:auto}figcaption{font-weight:600}figcaption small{font-weight:400;color:var(--quiet)}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}th{font-weight:600;text-align:left}
thead th{text-align:right;border-bottom:2px solid var(--line)}thead th:first-child,td.text,thead th.text{text-align:left}
td.text{min-width:9em}tfoot th,tfoot td{border-top:2px solid var(--line);border-bottom:0}
.sam{font-size:.78rem}.sam th,.sam td{padding:4px 7px}.sam tbody th,.sam tfoot th{white-space:nowrap;position:sticky;left:0;background:var(--sheet)}.sam td{white-space:nowrap}.pyramids{grid-template-columns:repeat(auto-fit,minmax(230px,1fr))}.sam td.zero{color:var(--none)}
.key{display:inline-flex;gap:8px 22px;flex-wrap:wrap;font-size:.9rem;color:var(--quiet);margin:.3em 0}.key svg{display:inline-block;vertical-align:middle;margin-right:6px}
details summary{cursor:pointer;font-weight:600;margin:1.4em 0 .4em}
footer{margin-top:3em;font-size:.85rem;color:var(--quiet);overflow-wrap:anywhere}
${shownLanguages}
@media (max-width:600px){.circles{min-width:660px}table{font-size:.8rem}th,td{padding:4px 6px}main{padding:12px 12px 40px}h1{font-size:1.5rem}.sheet{padding:10px}}
@media print{body{background:#fff}.languages{display:none}.sheet,figure{break-inside:avoid}}
`
