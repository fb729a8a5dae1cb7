import { didYouMean } from '../../lint/config/closest.ts'
import type { Style } from '../../report/reporter.ts'
import { writeTyped } from '../disk/writing.ts'
import { Failure, reason } from '../failure.ts'
import type { WriteFlags } from '../flags.ts'
import { fileStyle, type Look, terminalStyle } from './terminal.ts'

/** A report to write, and its place: null is standard output. */
export interface Output<Format extends string> {
  readonly format: Format
  readonly path: string | null
}

/**
 * Understands `--format` and `--output-file`. Throws a Failure about an unknown format, or about two reports in one
 * place.
 */
export function outputs<Format extends string>(flags: WriteFlags, formats: readonly Format[]): Output<Format>[] {
  const wanted = (flags.format ?? ['text']).map(word => {
    const equals = word.indexOf('=')
    const name = equals === -1 ? word : word.slice(0, equals)
    const format = formats.find(each => each === name)
    if (!format) {
      const guess = didYouMean(name, formats) || '.'
      throw new Failure(`There is no format "${name}"${guess} There are ${formats.join(', ')}.`)
    }
    if (equals === word.length - 1) throw new Failure(`--format ${word}: a path is missing after "=".`)
    return { format, path: equals === -1 ? null : word.slice(equals + 1) }
  })
  const open = wanted.filter(({ path }) => path === null)
  if (open.length > 1) {
    const names = open.map(({ format }) => format).join(' and ')
    throw new Failure(
      `${names} cannot share one output: give a path to all but one of them, as in "${open[1]?.format}=report.out".`,
    )
  }
  if (flags.outputFile === undefined) return wanted
  if (open.length === 0) throw new Failure('--output-file: every format has a path of its own already.')
  return wanted.map(({ format, path }) => ({ format, path: path ?? flags.outputFile ?? null }))
}

/** Writes one report, with the colours and the width of the place it goes to. */
export function write(path: string | null, look: Look, print: (style: Style) => string): void {
  if (path === null) {
    const { isTTY = false, columns } = process.stdout
    process.stdout.write(print(terminalStyle({ env: process.env, isTTY, columns }, look)))
    return
  }
  try {
    writeTyped(path, print(fileStyle(look)))
  } catch (error) {
    throw new Failure(`Cannot write ${path}: ${reason(error)}.`)
  }
}
