import { escaped } from './escape.ts'
import { script, scriptHash } from './script.ts'
import { style } from './style.ts'

export interface Document {
  readonly title: string
  /** The first line of the page, and whether it is good news. */
  readonly heading: string
  readonly look: 'good' | 'doubt' | 'bad'
  /** Lines of facts under it. */
  readonly facts: readonly (readonly string[])[]
  /** What the link for people without a mouse leads to. */
  readonly skip: string
  /** Elements beside the main part, which then has less room; '': none. */
  readonly aside: string
  readonly main: readonly string[]
  readonly footer: string
}

const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`

/** A page that needs nothing but itself: no network and no other script, and it uses the reader's own colours. */
export function pageOf({ title, heading, look, facts, skip, aside, main, footer }: Document): string {
  const lines = facts.filter(line => line.length > 0)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">${escaped(skip)}</a>
<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs></svg>
<header>
<h1 class="${look}">${escaped(heading)}</h1>
${lines.map(line => `<p class="quiet">${line.map(escaped).join(' · ')}</p>`).join('\n')}</header>
<div class="page${aside === '' ? '' : ' listed'}">
${aside}
<main id="main">
${main.filter(part => part !== '').join('\n')}
</main>
</div>
<footer>${escaped(footer)}</footer>
<script>${script}</script>
</body>
</html>
`
}
