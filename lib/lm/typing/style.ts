/**
 * The look of the box, light and dark, from a phone's width up. It takes the colours of a page of
 * `lib/plot` where it stands in one (`--text`, `--line`, `--edge`, `--card`).
 */
export const textBoxStyle: string = `
.typed{--model:light-dark(#0072B2,#4da3dc);--truth:#E69F00;--wrong:#D55E00;max-width:100%}
.typed [hidden]{display:none!important}
.typed label{display:flex;flex-wrap:wrap;gap:4px 8px;align-items:center;margin:0 0 8px}
.typed input{font:20px/1.4 ui-monospace,Menlo,Consolas,monospace;color:inherit;
background:var(--card,Canvas);border:1px solid var(--edge,GrayText);border-radius:8px;
padding:6px 10px;flex:1 1 12em;min-width:0;max-width:100%}
.typed p{margin:6px 0}
.typed .verdict{font-weight:600}
.typed .verdict.wrong{border-left:4px solid var(--wrong);padding-left:8px}
.typed .legend{font-size:.87em}
.typed .legend i{display:inline-block;width:.9em;height:.9em;border-radius:2px;margin:0 .35em 0 .9em;
vertical-align:-.1em}
.typed .legend i:first-child{margin-left:0}
.typed i.model{background:var(--model)}
.typed i.truth{background:var(--truth)}
.typed ol{list-style:none;display:flex;flex-wrap:wrap;gap:4px;margin:8px 0;padding:0}
.typed ol button{display:grid;justify-items:stretch;gap:1px;font:inherit;font-size:12px;
line-height:1.5;color:inherit;background:none;border:1px solid var(--line,GrayText);
border-radius:6px;padding:2px;min-width:54px;min-height:0;text-align:center;cursor:pointer}
.typed ol button[aria-pressed=true]{border-color:currentColor;box-shadow:inset 0 0 0 1px currentColor}
.typed ol b{font:600 20px/1.5 ui-monospace,Menlo,Consolas,monospace;unicode-bidi:isolate}
.typed ol .broken b{text-decoration:underline wavy var(--wrong)}
.typed ol small{font:11px/1.4 ui-monospace,Menlo,Consolas,monospace;white-space:pre;max-width:80px;
overflow:hidden;text-overflow:ellipsis}
.typed .bar{--of:var(--model);border-radius:3px;padding:0 4px;white-space:nowrap;
background:linear-gradient(to right,color-mix(in srgb,var(--of) 45%,transparent)
calc(100%*var(--share)),color-mix(in srgb,var(--of) 10%,transparent) 0)}
.typed .bar.truth{--of:var(--truth)}
.typed h3{font-size:1em;margin:12px 0 4px;overflow-wrap:anywhere}
.typed .next{display:flex;flex-wrap:wrap;gap:8px 24px}
.typed .group{flex:0 1 auto;min-width:0;max-width:100%}
.typed .group p{display:flex;gap:6px;font-size:.87em;margin:2px 0}
.typed .group .bar{min-width:84px}
.typed .columns{display:flex;height:64px;max-width:100%}
.typed .column{position:relative;flex:0 1 14px;min-width:9px;height:48px;border-bottom:1px solid
var(--edge,GrayText)}
.typed .column i{position:absolute;bottom:0;width:40%;height:calc(100%*var(--share))}
.typed .column i.model{left:8%}
.typed .column i.truth{left:50%}
.typed .column b{position:absolute;top:100%;left:0;right:0;text-align:center;
font:11px/16px ui-monospace,Menlo,Consolas,monospace}
.typed .scroll{overflow-x:auto}
.typed .attention{min-width:0;border-collapse:collapse;font-size:13px}
.typed .attention th,.typed .attention td{padding:2px 4px;min-width:28px;text-align:center;border:0}
.typed .attention td{background:color-mix(in srgb,var(--model) calc(80%*var(--share)),transparent)}
`;
