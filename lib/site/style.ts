/** The look of prose, code and outputs, besides that of all pages. */
export const siteStyle: string = `
.fragment:has(>.prose),.fragment:has(>pre){background:none;border:0;padding:0;margin:10px 0}
.prose{max-width:74ch;overflow-wrap:anywhere}
.prose table{display:block;overflow-x:auto;min-width:0}
.prose math[display=block]{overflow-x:auto;overflow-y:hidden;padding:4px 0}
.prose details{border:1px solid var(--line);border-radius:8px;padding:6px 12px}
.prose summary{cursor:pointer}
.prose code{font-size:.92em;background:color-mix(in srgb,var(--edge) 18%,transparent);
border-radius:4px;padding:1px 4px}
pre{font:13.5px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:0}
pre.code{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
pre.code code{background:none;padding:0;font-size:inherit}
pre.output{border-left:3px solid var(--edge);padding:2px 12px;white-space:pre-wrap}
.picture{max-width:100%;height:auto;background:#fff;border-radius:8px}
.fragment{overflow-x:auto}
.hljs-keyword,.hljs-literal,.hljs-built_in{color:light-dark(#8a3a00,#ff9f5a)}
.hljs-string,.hljs-regexp{color:light-dark(#00694c,#4fd0a5)}
.hljs-number{color:light-dark(#9a2f7a,#e7a0cf)}
.hljs-comment{color:light-dark(#5c6470,#9aa2ae)}
.hljs-title,.hljs-property{color:light-dark(#005a93,#7cc4f0)}
`;
