/** The remedy for a problem, as parts: each report format decides how they look. */

/** Code to paste: SQL, or the language that the migration is written in. */
export interface Code {
  readonly code: string
  /** In lower case, as in the fences of Markdown: `sql`, `ruby`. */
  readonly language: string
}

/** Prose (a paragraph, or an item of a list that begins with `- `), or code. */
export type HelpPart = string | Code

export type Help = readonly HelpPart[]

/** As Markdown: prose unchanged, code in lines indented by four spaces. */
export function helpText(help: Help): string {
  return help
    .flatMap(part => {
      if (typeof part === 'string') return [part]
      return part.code.split('\n').map(line => (line === '' ? '' : `    ${line}`))
    })
    .join('\n')
}

/** The parts that are SQL. */
export function sqlOf(help: Help): string[] {
  return help.flatMap(part => (typeof part === 'object' && part.language === 'sql' ? [part.code] : []))
}
