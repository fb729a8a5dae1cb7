import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { validateXML } from 'xmllint-wasm'
import type { Report } from '../../src/lint/report.ts'
import type { Format } from '../../src/report/formats.ts'
import { locksReporters, reporters } from '../../src/report/index.ts'
import type { Style } from '../../src/report/reporter.ts'
import { withoutStyling } from '../../test/report/kit/builder.ts'
import type { Linted } from './linted.ts'
import { enough } from './shape.ts'
import { type Failure, failure, thrown } from './try.ts'

/** Characters other than line ends that act on a terminal, hide, or reverse text. */
export const controls = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u

const xmlFormats: ReadonlySet<string> = new Set<Format>(['junit', 'checkstyle'])
const jsonFormats: ReadonlySet<string> = new Set<Format | 'locks, json'>([
  'json',
  'sarif',
  'gitlab',
  'rdjson',
  'locks, json',
])

/** The report with the parts that are worth printing: the pages of rules without findings never change. */
function shortened({ findings, suppressed, rules, ...rest }: Report): Report {
  const told = { findings: findings.slice(0, enough), suppressed: suppressed.slice(0, enough) }
  const found = new Set([...told.findings, ...told.suppressed].map(({ rule }) => rule))
  return { ...rest, ...told, rules: rules.filter(({ id }) => found.has(id)) }
}

/** Prints reports in every format and reads them again. `flush` reads many XML documents at once. */
export class ReportReader {
  readonly #isSarif: (value: unknown) => boolean
  readonly #isReport: (value: unknown) => boolean
  #waiting: { readonly number: number; readonly format: string; readonly xml: string }[] = []

  constructor(root: string) {
    const schema = (path: string) => {
      const ajv = new Ajv({
        strict: false,
        logger: false,
        formats: { uri: true, 'uri-reference': true, 'date-time': true },
      })
      const { $schema: _, ...rest } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>
      return ajv.compile(rest)
    }
    this.#isSarif = schema('test/report/sarif-2.1.0.schema.json')
    this.#isReport = schema('schema/report.json')
  }

  /** The mistakes in the reports about input `number`, except those in their XML, which `flush` returns. */
  read(number: number, { report: whole, files }: Pick<Linted, 'report' | 'files'>): Failure[] {
    const style: Style = {
      color: number % 2 === 0,
      links: number % 3 === 0,
      ascii: number % 5 === 0,
      notes: number % 7 !== 0,
      verbose: number % 11 === 0,
      width: 40 + (number % 90),
    }
    const locked = files.map(({ script, steps }) => ({ source: script.source, steps }))
    const report = whole && shortened(whole)
    const all = [
      ...(report ? Object.entries(reporters).map(([name, print]) => [name, () => print(report, style)] as const) : []),
      ...Object.entries(locksReporters).map(
        ([name, print]) => [`locks, ${name}`, () => print(locked, style, { all: number % 3 === 0 })] as const,
      ),
    ]
    return all.flatMap(([format, print]) => {
      try {
        return this.#readOne(number, format, print())
      } catch (error) {
        return [thrown(`the report as ${format} can be printed and read`, error)]
      }
    })
  }

  #readOne(number: number, format: string, styled: string): Failure[] {
    const printed = withoutStyling(styled)
    if (xmlFormats.has(format)) this.#waiting.push({ number, format, xml: printed })
    if (jsonFormats.has(format)) {
      const value: unknown = JSON.parse(printed)
      if (format === 'sarif' && !this.#isSarif(value)) return [failure('SARIF is valid', printed, 'SARIF')]
      if (format === 'json' && !this.#isReport(value)) return [failure('JSON is as its schema says', printed, 'JSON')]
    }
    if (format === 'jsonl') for (const line of printed.split('\n')) if (line !== '') JSON.parse(line)
    const [bad] = controls.exec(printed) ?? []
    if (bad === undefined) return []
    const code = `U+${bad.codePointAt(0)?.toString(16)}`
    return [failure('no control character is in a report', `${code} in ${format}`, format)]
  }

  /** The number of XML documents that wait to be read. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Reads the collected XML. */
  async flush(): Promise<{ readonly number: number; readonly failure: Failure }[]> {
    const all = this.#waiting
    this.#waiting = []
    if (all.length === 0) return []
    const xml = all.map(({ xml: contents }, i) => ({ fileName: `${i}.xml`, contents }))
    const { errors } = await validateXML({
      xml,
      normalization: 'format',
      // Nobody looks at the XML that it would print, which takes five times as long as reading it.
      modifyArguments: args => ['--noout', ...args],
      initialMemoryPages: 1024,
      maxMemoryPages: 16_384,
    })
    return errors.flatMap(({ loc, message }) => {
      const of = all[Number.parseInt(loc?.fileName ?? '', 10)]
      return of
        ? [{ number: of.number, failure: failure('XML is well-formed', `${of.format}: ${message}`, of.format) }]
        : []
    })
  }
}
