/** A piece of a remedy: a paragraph, a list's item, or SQL to copy. */
export type HelpBlock =
  | { readonly kind: 'prose' | 'item'; readonly text: string }
  | { readonly kind: 'sql'; readonly lines: readonly string[] }

/** Cuts a finding's `help` into what it says: every line is a paragraph, those set in by four spaces are SQL. */
export function helpBlocks(help: string): HelpBlock[] {
  const blocks: HelpBlock[] = []
  let sql: string[] | null = null
  for (const line of help.trimEnd().split(/\r\n|\r|\n/)) {
    const [, code] = /^(?: {4}|\t)(.*)$/.exec(line) ?? []
    if (code !== undefined) {
      if (!sql) {
        sql = []
        blocks.push({ kind: 'sql', lines: sql })
      }
      sql.push(code.trimEnd().replace(/\t/g, '    '))
      continue
    }
    sql = null
    const [bullet, text] = bulletOf(line)
    if (text !== '') blocks.push({ kind: bullet === '' ? 'prose' : 'item', text })
  }
  return blocks
}

/** `  - a` → `- `, `a`; a line that is no item of a list has no bullet. */
export function bulletOf(line: string): [bullet: string, text: string] {
  const content = line.trim()
  const bullet = /^(?:[-*]|\d+\.) /.exec(content)?.[0] ?? ''
  return [bullet, content.slice(bullet.length).trim()]
}
