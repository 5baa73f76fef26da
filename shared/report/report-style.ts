import { STORY_STYLE } from './story-style';

/** The report's one style sheet: the app's tokens, light and dark by the reader's system, and paper. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--window:#f3f3f3;--panel:#fbfbfb;--card:#fff;--line:#e3e3e3;--line2:#d0d0d0;--text:#1b1b1b;--dim:#5f5f5f;--accent:#005fb8;
--error:#b3261e;--error-bg:#fdecea;--warning:#8a5a00;--warning-bg:#fff4d6;--ok:#0f6d2f;--ok-bg:#e3f4e7;--mark:#fff3b0}
@media (prefers-color-scheme:dark){:root{--window:#1f1f1f;--panel:#262626;--card:#2d2d2d;--line:#3a3a3a;--line2:#4a4a4a;--text:#f2f2f2;--dim:#b8b8b8;--accent:#60b8ff;
--error:#ff8a80;--error-bg:#47231f;--warning:#ffc861;--warning-bg:#42350f;--ok:#7fd796;--ok-bg:#1c3a25;--mark:#5a4b00}}
*{box-sizing:border-box}
body{margin:0;background:var(--window);color:var(--text);font:13px/19px "Segoe UI Variable Text","Segoe UI",system-ui,sans-serif}
main,header.top,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header.top{padding-top:20px}
footer{padding:20px;color:var(--dim)}
h1{font-size:20px;line-height:28px;font-weight:600;margin:0 0 4px}
h2{font-size:20px;line-height:28px;font-weight:600;margin:32px 0 12px}
h3{font-size:14px;line-height:20px;font-weight:600;margin:20px 0 8px}
p{margin:4px 0}
a{color:var(--accent)}
.dim{color:var(--dim)}
.caps{font-size:11px;letter-spacing:.04em;text-transform:uppercase;color:var(--dim);margin:12px 0 4px}
.mono,pre,code{font-family:"Cascadia Mono",Consolas,ui-monospace,monospace;font-size:12px}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:12px 0}
.facts{display:flex;flex-wrap:wrap;gap:2px 16px;color:var(--dim)}
.card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px 16px;margin:12px 0}
.verdict{border-left:4px solid var(--line2)}
.verdict strong{font-size:20px;line-height:28px;font-weight:600;display:block}
.verdict.error,.finding.error{border-left:4px solid var(--error)}
.verdict.warning,.finding.warning{border-left:4px solid var(--warning)}
.verdict.ok{border-left:4px solid var(--ok)}
.verdict.error .mark{color:var(--error)}.verdict.warning .mark{color:var(--warning)}.verdict.ok .mark{color:var(--ok)}
.card h3{margin:0 0 4px}
.steps .card{margin:6px 0;padding:6px 12px}
.steps .card[open]{padding-bottom:12px}
.tag{display:inline-block;border-radius:4px;padding:0 6px;margin-right:8px;font-size:12px;font-weight:600;white-space:nowrap}
.tag.error{color:var(--error);background:var(--error-bg)}
.tag.warning{color:var(--warning);background:var(--warning-bg)}
.tag.passed,.tag.ok{color:var(--ok);background:var(--ok-bg)}
.tag.not-checked,.tag.info,.tag.dim{color:var(--dim);border:1px dashed var(--line2)}
pre{margin:4px 0 8px;padding:8px 0;background:var(--panel);border:1px solid var(--line);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere}
pre .l{display:grid;grid-template-columns:7ch 1fr;gap:1ch;padding:0 8px 0 0}
pre .m{background:var(--mark)}
pre .l b{font-weight:400;text-align:right;color:var(--dim);user-select:none}
pre.cmd{padding:6px 8px}
ol,ul{margin:4px 0;padding-left:20px}
li{margin:4px 0}
details{margin:6px 0}
summary{cursor:pointer;padding:2px 0}
summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:8px 0}
th{font-size:11px;text-align:left;color:var(--dim);font-weight:600;border-bottom:1px solid var(--line2);padding:4px 8px;white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:4px 8px;vertical-align:top;overflow-wrap:anywhere}
td.end,th.end{text-align:right;white-space:nowrap}
.files td:first-child{min-width:25ch}.files td:nth-child(2){min-width:200px}.files td:last-child{min-width:120px}
td.error{color:var(--error)}td.warning{color:var(--warning)}td.ok{color:var(--ok)}td.dim{color:var(--dim)}
.chain{display:flex;flex-wrap:wrap;gap:8px;list-style:none;padding:0;margin:8px 0}
.chain li{border:1px solid var(--line2);border-radius:4px;padding:6px 10px;margin:0;max-width:240px}
.chain li.error{border-color:var(--error);background:var(--error-bg)}
.chain li.warning{border-color:var(--warning);background:var(--warning-bg)}
.chain li.not-checked{border-style:dashed;color:var(--dim)}
svg{display:block;width:100%;height:auto;max-height:1400px}
svg text{font:12px "Segoe UI",system-ui,sans-serif;fill:var(--text)}
svg .sub{font-size:11px;fill:var(--dim)}
svg .title{font-size:11px;fill:var(--dim);letter-spacing:.04em}
svg rect{fill:var(--card);stroke:var(--line2)}
svg .group rect{fill:var(--panel)}
svg .error rect{stroke:var(--error);stroke-width:2;stroke-dasharray:5 3}
svg .warning rect{stroke:var(--warning);stroke-width:2}
svg path{fill:none;stroke:var(--line2)}
svg path.error{stroke:var(--error);stroke-width:2;stroke-dasharray:5 3}
svg path.warning{stroke:var(--warning);stroke-width:2}
svg text.error,svg text.warning{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
svg text.error{fill:var(--error);font-weight:600}
svg text.warning{fill:var(--warning);font-weight:600}
${STORY_STYLE}
.stories article{margin:12px 0}
@media (forced-colors:active){.tag{border:1px solid}.verdict,.finding{border-left-style:double}}
@page{margin:14mm}
@media print{:root{color-scheme:light;--window:#fff;--panel:#fff;--card:#fff;--line:#ccc;--line2:#999;--text:#000;--dim:#444;--accent:#000;--error:#8c1d18;--error-bg:#fff;--warning:#6b4600;--warning-bg:#fff;--ok:#0b5424;--ok-bg:#fff;--mark:#fff}
body{font-size:10pt;line-height:14pt}main,header.top,footer{max-width:none;padding:0}nav{display:none}
pre .m{background:#fff3b0;border-left:3px solid #000;print-color-adjust:exact;-webkit-print-color-adjust:exact}pre .m b{font-weight:700;color:#000}.files td:first-child{min-width:20ch}
.card{break-inside:auto}.finding h3,h2,h3,summary,h2+p,.caps,.stories article>p{break-after:avoid}.chain{break-before:avoid}pre,tr,.chain li,svg{break-inside:avoid}thead{display:table-header-group}
.scroll{overflow:visible}details::details-content{display:block;content-visibility:visible;height:auto}section.page{break-before:page}}
`;
