/** The style of the pages that need no script: the app's tokens, light and dark by the reader's wish, from 320 px up. */
export const PAGE_STYLE = `:root{color-scheme:light dark;--bg:oklch(.985 .004 85);--surface:oklch(1 0 0);--line:oklch(.885 .008 85);--line2:oklch(.62 .012 85);--text:oklch(.24 .015 265);--text2:oklch(.44 .015 265);--accent:oklch(.5 .17 264);--on:oklch(1 0 0);--breach:oklch(.53 .19 27);--breach-soft:oklch(.955 .025 27)}
@media (prefers-color-scheme:dark){:root{--bg:oklch(.185 .012 265);--surface:oklch(.225 .013 265);--line:oklch(.32 .013 265);--line2:oklch(.56 .015 265);--text:oklch(.94 .006 85);--text2:oklch(.77 .008 85);--accent:oklch(.74 .125 264);--on:oklch(.185 .012 265);--breach:oklch(.74 .15 27);--breach-soft:oklch(.275 .05 27)}}
@media (prefers-contrast:more){:root{--text2:var(--text);--line:var(--line2)}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:400 1rem/1.5 "Public Sans",system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:35rem;margin:0 auto;padding:1.5rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.25rem;line-height:1.4;font-weight:600;margin:0}
p{margin:.75rem 0}
.under{margin:.125rem 0 0;color:var(--text2);font-size:.875rem}
.state{font-weight:600;margin:1rem 0}
.quiet,small{color:var(--text2);font-size:.875rem}
.refusal{background:var(--breach-soft);color:var(--text);border-left:3px solid var(--breach);padding:.5rem .75rem;margin:0 0 1rem}
dl{margin:0;border-bottom:1px solid var(--line)}
dl div{display:flex;flex-wrap:wrap;gap:.125rem .75rem;padding:.5rem 0;border-top:1px solid var(--line)}
dt{flex:0 0 7rem;color:var(--text2);font-size:.8125rem;line-height:1.5rem}
dd{flex:1 1 12rem;margin:0;font-size:.875rem;line-height:1.5rem}
section{margin:1.25rem 0}
section>form{margin:0 0 .5rem}
button,.open,summary{font:inherit;font-weight:600;font-size:.875rem;min-height:2.75rem;border-radius:4px;cursor:pointer}
button{padding:.5rem 1rem;border:1px solid var(--line2);background:var(--surface);color:var(--text);width:100%}
button.go{background:var(--accent);border-color:var(--accent);color:var(--on)}
details{border-bottom:1px solid var(--line)}
summary{display:flex;align-items:center;justify-content:space-between;list-style:none;padding:.5rem 0}
summary::-webkit-details-marker{display:none}
summary::after{content:"+";font-weight:400;color:var(--text2)}
details[open] summary::after{content:"\\2212"}
details form{padding:0 0 1rem}
fieldset{border:0;margin:0;padding:0}
legend{padding:0;color:var(--text2);font-size:.8125rem}
fieldset label{display:flex;gap:.5rem;align-items:center;min-height:2.75rem;padding:.25rem 0;font-size:.875rem}
fieldset label span::first-letter{text-transform:uppercase}
input[type=radio]{accent-color:var(--accent);width:1.125rem;height:1.125rem;flex:none;margin:0}
.field{display:block;font-size:.8125rem;color:var(--text2);margin:.5rem 0}
.field input,.field textarea{display:block;width:100%;margin-top:.25rem;padding:.5rem;min-height:2.75rem;font:inherit;font-size:1rem;color:var(--text);background:var(--surface);border:1px solid var(--line2);border-radius:4px}
a{color:var(--accent)}
a:focus-visible,button:focus-visible,summary:focus-visible,input:focus-visible,textarea:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (min-width:30rem){button{width:auto}}
`;
