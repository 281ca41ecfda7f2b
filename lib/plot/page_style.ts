/** The look of a page, light and dark, from a phone's width up. */
import { fontFamily, inks, palette } from "./theme.ts";

function colours(appearance: "light" | "dark"): string {
  const { text, grid, zero, card } = inks[appearance];
  const [back, link] = appearance === "light" ? ["#f6f7f9", palette.blue] : ["#121418", "#7cc4f0"];
  return `--text:${text};--line:${grid};--edge:${zero};--card:${card};--back:${back};` +
    `--link:${link};color-scheme:${appearance}`;
}

/** A style sheet; `data-theme` on the root wins over the reader's system setting. */
export const pageStyle: string = `
:root{${colours("light")}}
@media (prefers-color-scheme:dark){:root{${colours("dark")}}}
:root[data-theme=light]{${colours("light")}}
:root[data-theme=dark]{${colours("dark")}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:56px;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.55 ${fontFamily}}
a{color:var(--link)}
:focus-visible{outline:3px solid ${palette.orange};outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:var(--card);padding:8px;z-index:9}
header,main{max-width:1040px;margin:0 auto;padding:0 16px}
header{position:relative;padding-top:24px}
header p{max-width:70ch}
h1{font-size:clamp(1.5rem,5vw,2.1rem);line-height:1.2;margin:0 96px 8px 0;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:0 0 8px;overflow-wrap:anywhere}
button,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);
border-radius:8px;padding:6px 12px;min-height:40px;max-width:100%}
button{cursor:pointer}
#theme{position:absolute;top:20px;right:16px}
nav{position:sticky;top:0;z-index:5;background:var(--back);border-bottom:1px solid var(--line)}
nav ul{display:flex;gap:4px 20px;list-style:none;max-width:1040px;margin:0 auto;padding:8px 16px;
overflow-x:auto;white-space:nowrap}
nav a{display:block;padding:6px 0;text-decoration:none}
nav a:hover{text-decoration:underline}
section{margin:28px 0 40px}
section>p{max-width:70ch}
.plot,.fragment,.chooser{background:var(--card);border:1px solid var(--line);border-radius:12px;
padding:14px 16px;margin:14px 0}
.panel .plot,.panel .fragment{border:0;padding:6px 0;margin:0}
figcaption,caption{font-weight:600;text-align:left;overflow-wrap:anywhere}
.graph svg{height:auto}
.graph .ink{fill:var(--text)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.93rem;min-width:60%}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{text-align:left;white-space:nowrap}
pre{overflow-x:auto}
.chooser p{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:0 0 8px}
.coloured-text output{display:block;min-height:1.7em;font-size:14px;white-space:pre-wrap}
.coloured-text .current{outline:2px solid ${palette.orange}}
[hidden]{display:none}
@media (max-width:600px){body{font-size:15px}.plot,.fragment,.chooser{padding:12px 8px;
border-radius:8px}header,main{padding-left:10px;padding-right:10px}}
@media print{nav,#theme,.skip{display:none}.plot,.fragment{break-inside:avoid}}
`;
