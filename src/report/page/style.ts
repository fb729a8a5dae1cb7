/** The page's style: light or dark according to the reader's system, and as wide as the window. */
export const style = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#d5d9e0;--ink:#1b1f27;--quiet:#565e6c;--link:#0b57b5;
--error:#b3201b;--warning:#8a5300;--note:#3d5a80;--good:#1a6b35;--mark:#ffe9a8;--mark-line:#b3201b;
--reads:#b3201b;--writes:#9a5700;--neither:#5b6678;--on:#fff;--k:#7a1fa2;--s:#156b2d;--n:#0b57b5;--c:#626b79}
@media(prefers-color-scheme:dark){:root{--ground:#14171c;--raised:#1d2128;--line:#3a414d;--ink:#e6e9ee;--quiet:#a4adbb;--link:#7fb5ff;
--error:#ff8a80;--warning:#f4b55a;--note:#9fc0ee;--good:#7bd497;--mark:#4d3d10;--mark-line:#ff8a80;
--reads:#ff8a80;--writes:#f4b55a;--neither:#9aa6b8;--on:#14171c;--k:#d7a3f5;--s:#8fd6a3;--n:#8fbcff;--c:#a4adbb}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,.page,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
.page.listed{max-width:84rem}header:has(+.listed){max-width:84rem}main{min-width:0}
nav{font-size:.84rem}.origin code{font-size:1em}nav ol{list-style:none;padding:0;margin:.5rem 0}nav li{padding:.15rem 0}
@media(min-width:70rem){.page.listed{display:grid;grid-template-columns:16rem minmax(0,1fr);gap:2rem}nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:.5rem 0}}
@media(max-width:69.99rem){nav{max-height:9rem;overflow-y:auto;margin:.75rem 0;padding:0 .75rem;border:1px solid var(--line);border-radius:6px}}
header{padding-top:1.5rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}h1.bad{color:var(--error)}h1.doubt{color:var(--warning)}h1.good{color:var(--good)}
h2{font-size:1.02rem;margin:1.1rem 0 .3rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:.9rem;line-height:1.35;margin:0;font-weight:600;display:inline}h4{font-size:.95rem;margin:1rem 0 .25rem}
p{margin:.5rem 0}a{color:var(--link)}
.quiet,.origin,figcaption,footer{color:var(--quiet);font-size:.9rem}.origin{margin:.15rem 0 .4rem}
code,pre{font:.86rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}h2 code,h3 code{font-size:.95em}
pre{margin:.5rem 0;padding:.6rem .75rem;background:var(--raised);border:1px solid var(--line);border-radius:6px;overflow-x:auto;white-space:pre;overflow-wrap:normal;tab-size:4}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.25rem .5rem;z-index:2}
.no{display:inline-block;min-width:2.2em;padding-right:1em;color:var(--quiet);text-align:right;user-select:none}
mark{background:var(--mark);color:inherit;border-bottom:2px solid var(--mark-line)}
.k{color:var(--k);font-weight:600}.s{color:var(--s)}.n{color:var(--n)}.c{color:var(--c);font-style:italic}
.finding{margin:.2rem 0;padding:.2rem .7rem;border:1px solid var(--line);border-left:5px solid var(--note);border-radius:6px;content-visibility:auto;contain-intrinsic-size:auto 2.4rem}
.finding summary .origin{display:inline;font-size:.76rem;line-height:1.3;white-space:normal}.finding .in{display:none}.regrouped .finding .in{display:inline}.chart{margin:.2rem 0;font-size:.9rem}
.finding.error{border-left-color:var(--error)}.finding.warning{border-left-color:var(--warning)}
.badge{font-size:.75rem;font-weight:700;text-transform:uppercase;letter-spacing:.04em;color:var(--note)}
.error .badge{color:var(--error)}.warning .badge{color:var(--warning)}
table{border-collapse:collapse;font-size:.9rem;margin:.4rem 0}
th,td{text-align:left;padding:.25rem .9rem .25rem 0;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400}thead th{font-weight:600}
.scroll{overflow-x:auto}.scroll table{overflow-wrap:normal}
.copyable{position:relative}.copyable button{position:absolute;top:.4rem;right:.4rem}.copyable pre{padding-right:5rem;white-space:pre-wrap;overflow-wrap:anywhere}
button,select,input{font:inherit}button,select{padding:.2rem .6rem;border:1px solid var(--quiet);border-radius:6px;background:var(--ground);color:var(--ink)}button{cursor:pointer;font-size:.85rem}
form{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:end;margin:1rem 0;padding:.7rem 1rem;background:var(--raised);border:1px solid var(--line);border-radius:6px}
fieldset{display:flex;flex-wrap:wrap;gap:.2rem 1rem;border:0;margin:0;padding:0}legend,.field span{font-size:.85rem;color:var(--quiet);padding:0}fieldset label{padding:.2rem 0}
.field{display:flex;flex-direction:column}.field select,.field input{width:11rem;max-width:80vw}.field input{padding:.2rem .6rem;border:1px solid var(--quiet);border-radius:6px;background:var(--ground);color:var(--ink)}form output{font-size:.9rem}
[hidden]{display:none!important}
ul{margin:.4rem 0;padding-left:1.3rem}
figure{margin:.75rem 0}figcaption{margin-bottom:.3rem}
svg{display:block;font:12px system-ui,sans-serif}svg text{fill:var(--ink)}svg .tick{text-anchor:middle;fill:var(--quiet)}svg .axis{fill:var(--quiet)}svg .lane{font:12px ui-monospace,Menlo,Consolas,monospace}
.lanes{display:flex;width:max-content}.lanes svg{flex:none}.lanes .names{position:sticky;left:0;z-index:1;overflow:hidden;background:var(--ground)}
.grid{stroke:var(--line);stroke-width:1}.transaction path{stroke:var(--quiet);fill:none}
.bar rect{fill:var(--neither)}.bar.reads rect{fill:var(--reads)}.bar.writes rect{fill:var(--writes)}.bar .on{fill:var(--on);font-weight:600;paint-order:stroke;stroke:var(--neither);stroke-width:4px}.reads .on{stroke:var(--reads)}.writes .on{stroke:var(--writes)}
.bar .work,.bar.reads .work,.bar.writes .work{fill:url(#hatch)}.hatch{stroke:var(--on);stroke-width:2.5;opacity:.45}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.4rem 0;font-size:.88rem}
.swatch{display:inline-block;width:1.6em;height:.9em;margin-right:.45em;border-radius:3px;vertical-align:-.05em;background:var(--neither)}
.dot{display:inline-block;width:.6em;height:.6em;margin-right:.55em;border-radius:50%;background:var(--ink)}.found{fill:var(--ink);stroke:var(--ground);stroke-width:1.5}.overview .grid{opacity:.6}
.swatch.reads{background:var(--reads)}.swatch.writes{background:var(--writes)}
.swatch.work{background:repeating-linear-gradient(45deg,var(--neither) 0 4px,var(--on) 4px 6px);border:1px solid var(--neither)}
a.bar:focus-visible{outline:none}a.bar:focus-visible rect,a.bar:hover rect{stroke:var(--ink);stroke-width:2}.told{min-height:1.5em}
.switch{gap:.2rem 1rem;margin:.8rem 0;align-items:center}.switch legend{float:left}
body:has(#by-statement:checked) .by-time,body:has(#by-time:checked) .by-statement{display:none}
.statements{width:100%}.statements pre{margin:.1rem 0;white-space:pre-wrap;overflow-wrap:anywhere}.statements td ul{list-style:none;padding:0;margin:0}.statements li+li{margin-top:.3rem}.statements tr:target{background:var(--raised)}
.outcome{margin:.15rem 0;font-size:.9rem}.outcome.error{color:var(--error)}.outcome.warning{color:var(--warning)}.outcome.note{color:var(--note)}.statements td:nth-child(3){white-space:nowrap}.statements td:nth-child(4){min-width:13rem}
summary{cursor:pointer}.astable{font-size:.92rem}footer{padding-top:2rem;padding-bottom:2rem}
@media(max-width:40rem){.lanes .names{width:7.5rem}table,thead,tbody,tr,th,td{display:block}thead{position:absolute;left:-99rem}tr{padding:.3rem 0;border-bottom:1px solid var(--line)}th,td{border:0;padding:.1rem 0}td::before{content:attr(data-label) ': ';color:var(--quiet)}.copyable pre{padding-right:.75rem}.copyable button{position:static;margin-bottom:.5rem}}
@media print{form,nav,.switch,.told,.copyable button,.skip{display:none}.finding{content-visibility:visible}}
`
