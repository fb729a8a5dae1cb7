import { Chalk } from 'chalk'
import type { Severity } from '../migration/severity.ts'
import type { Style } from './reporter.ts'
import { visible } from './visible.ts'

type Paint = (text: string) => string

/** The look of reports for people: colours by the meaning of a text, and the signs for drawing. */
export interface Palette {
  readonly severity: Readonly<Record<Severity, Paint>>
  readonly path: Paint
  readonly message: Paint
  readonly sql: Paint
  readonly relation: Paint
  readonly frame: Paint
  readonly faint: Paint
  readonly good: Paint
  /** The text as a link to the page, if the terminal can show links (OSC 8). */
  link(text: string, url: string): string
  /** The user's text without anything that acts on the terminal. */
  safe(text: string): string
  readonly signs: { readonly bar: string; readonly skipped: string; readonly cut: string; readonly see: string }
}

const drawn = { bar: '│', skipped: '⋮', cut: '…', see: '→' }
const ascii = { bar: '|', skipped: ':', cut: '...', see: '->' }

export function palette(style: Style): Palette {
  // The style decides, not chalk's own check of stdout: the report may go to a file.
  const chalk = new Chalk({ level: style.color ? 1 : 0 })
  return {
    severity: { error: chalk.bold.red, warning: chalk.bold.yellow, note: chalk.bold.cyan },
    path: chalk.bold.underline,
    message: chalk.bold,
    sql: chalk.green,
    relation: chalk.magenta,
    frame: chalk.blue,
    faint: chalk.dim,
    good: chalk.green,
    link: (text, url) =>
      style.links && isWebAddress(url) ? `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\` : text,
    safe: text => visible(text, style.ascii),
    signs: style.ascii ? ascii : drawn,
  }
}

/** An address that cannot end the escape sequence around it. */
function isWebAddress(url: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(url)
}
