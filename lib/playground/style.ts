/** The look of the page, beyond that of the project's other pages. */
import { palette } from "../plot/theme.ts";

/** A style sheet, to stand after that of `lib/plot`. */
export const playgroundStyle: string = `
header,main{max-width:1240px}
h3{font-size:1.1rem;margin:0;padding-left:10px;border-left:5px solid}
h4{font-size:1rem;margin:20px 0 6px}
.lead{font-size:1.05rem}
.buttons{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:8px}
.buttons button{text-align:left;line-height:1.3;padding:8px 12px}
.buttons b{color:var(--link);margin-right:2px}
.buttons [aria-pressed=true]{border-color:${palette.vermillion};
box-shadow:inset 0 0 0 1px ${palette.vermillion}}
.words{background:var(--card);border:1px solid var(--line);border-left:5px solid ${palette.orange};
border-radius:8px;padding:10px 16px;margin:12px 0}
.words p{margin:4px 0;max-width:80ch}
.words .question{font-weight:600}
.desk{display:grid;grid-template-columns:minmax(230px,280px) minmax(0,1fr);gap:20px;align-items:start;
margin:16px 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.controls{display:grid;gap:12px}
fieldset{border:1px solid var(--line);border-radius:10px;padding:6px 12px 10px;margin:0;min-width:0;
display:grid;gap:6px}
legend{font-weight:600;padding:0 4px}
.controls label{display:grid;grid-template-columns:7em minmax(0,1fr);gap:8px;align-items:center;
font-size:.93rem}
.controls select,.controls input{font:inherit;color:inherit;background:var(--back);width:100%;
border:1px solid var(--edge);border-radius:8px;padding:4px 8px;min-height:36px}
.transport{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.primary{background:${palette.blue};border-color:${palette.blue};color:#fff;font-weight:600;
min-width:6.5em}
button:disabled{opacity:.55;cursor:default}
.copied{font-size:.87rem;overflow-wrap:anywhere}
#status{min-height:1.6em;margin:8px 0;font-variant-numeric:tabular-nums}
#rule{margin:0 0 10px}
svg.loss{display:block;width:100%;font-size:12px;fill:var(--text)}
svg.loss .grid{stroke:var(--line)}
svg.loss .exact{stroke:${palette.grey};stroke-dasharray:6 4}
svg.loss text.exact,svg.loss .letter{paint-order:stroke;stroke:var(--card);stroke-width:4px;
stroke-dasharray:none;stroke-linejoin:round}
svg.loss .floor{stroke:${palette.green};stroke-width:2;stroke-dasharray:none}
svg.loss polyline{fill:none;stroke-linejoin:round}
svg.loss .training{stroke-width:1;opacity:.35}
svg.loss .unseen{stroke-width:2.6}
svg.loss .letter{font-weight:700;font-size:13px}
svg.loss .cursor{stroke:var(--text);opacity:.35}
.timeline{display:grid;grid-template-columns:auto minmax(80px,1fr) 11em;gap:12px;align-items:center;
margin:6px 0}
.timeline output{font-size:.93rem;font-variant-numeric:tabular-nums}
input[type=range]{accent-color:${palette.blue};width:100%;min-height:32px}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px}
.panel{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px;
margin:0;min-width:0}
.scores{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,200px),1fr));gap:10px;margin:8px 0}
.tile{border:1px solid var(--line);border-radius:10px;padding:8px 12px}
.tile dt{font-size:.87rem}
.tile dd{margin:0;display:grid;gap:2px}
.tile strong{font-size:1.45rem;line-height:1.25;font-variant-numeric:tabular-nums}
small,.note{font-size:.85rem;opacity:.86}
.note{margin:4px 0}
.gauge{position:relative;display:block;height:8px;border-radius:4px;background:var(--line);
overflow:hidden}
.gauge span{position:absolute;top:0;bottom:0;left:0}
.gauge .share{background:${palette.green}}
.gauge .interval{background:var(--text);opacity:.45}
.samples{list-style:none;margin:0;padding:0;display:grid;gap:4px}
.samples li{display:grid;grid-template-columns:1.4em minmax(0,1fr);align-items:baseline}
.samples small{grid-column:2}
.samples code{font:15px/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.samples .mark{font-weight:700;color:${palette.green}}
.samples .wrong .mark{color:${palette.vermillion}}
.samples .mistake{background:${palette.vermillion};color:#fff;border-radius:3px;padding:0 2px}
.samples .after{opacity:.5}
.samples .end{opacity:.45}
.samples .end.mistake{opacity:1}
figure{margin:0}
.inside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:14px}
canvas{display:block;width:100%;margin:6px 0}
.inside-none{display:none}
.hollow .inside-none{display:block}
.record summary{cursor:pointer;padding:6px 0}
.scroll{overflow:auto;max-height:320px}
@media (max-width:820px){.desk{grid-template-columns:minmax(0,1fr)}.desk>.stage{order:-1}
.timeline{grid-template-columns:1fr}.controls{grid-template-columns:repeat(auto-fit,minmax(230px,1fr))}}
@media (max-width:600px){.card,.panel{padding:10px;border-radius:8px}
.buttons{grid-template-columns:repeat(2,minmax(0,1fr))}.scores{grid-template-columns:1fr 1fr}}
`;
