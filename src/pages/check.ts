import type { PartialConfig } from '../lint/config/config-file.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { append } from '../parse/list.ts'
import { type Block, type Example, type Marker, markers, parsePage } from './page.ts'

/** A migration of an example: a file of plain SQL. */
export interface ExampleFile {
  readonly path: string
  readonly content: string
}

/** Lints the files of an example. `isReported` is false for those that only say what is there. */
export type LintExample = (
  files: readonly ExampleFile[],
  config: PartialConfig,
  isReported: (path: string) => boolean,
) => Promise<Report>

/** The words after `sql bad` that a page of a plugin may use; the others belong to pages of the program. */
const words = new Set(['pg', 'transaction', 'preset', 'options', 'config', 'file'])

/**
 * Tries the examples of a rule's page: `bad` blocks must be found where the markers say, and `good` blocks must not be. Returns a sentence
 * for each mistake, with the line in the page.
 */
export async function pageMistakes(rule: string, markdown: string, lint: LintExample): Promise<string[]> {
  const page = parsePage(markdown)
  const mistakes = page.mistakes.map(mistake => `${mistake}.`)
  for (const kind of ['bad', 'good']) {
    if (!page.examples.some(({ blocks }) => blocks.some(block => block.kind === kind))) {
      mistakes.push(`The page has no block that begins with \`\`\`sql ${kind}.`)
    }
  }
  for (const example of page.examples) append(mistakes, await exampleMistakes(rule, example, lint))
  return mistakes
}

async function exampleMistakes(rule: string, example: Example, lint: LintExample): Promise<string[]> {
  const { setup, blocks, base, unseen } = example
  const foreign = [...(unseen ? [unseen] : []), ...base, ...(setup ? [setup] : []), ...blocks].flatMap(
    ({ info, line }) =>
      Object.keys(info)
        .filter(word => !words.has(word))
        .map(word => `line ${line}: "${word}" is only for pages of the program's own rules.`),
  )
  if (foreign.length > 0) return foreign
  const files = new Map(
    [...(setup ? [setup] : []), ...blocks].map((block, i) => [block, `${i}_${block.info.file ?? block.kind}.sql`]),
  )
  const pathOf = (block: Block) => files.get(block) ?? ''
  const { pg, preset, options, config } = blocks[0]?.info ?? {}
  const settings: PartialConfig = {
    ...(pg && { pgVersion: pg }),
    ...(preset && { preset }),
    ...(options && { rules: { [rule]: ['error', options] } }),
    ...config,
    overrides: [...files].flatMap(([{ info }, path]) =>
      info.transaction ? [{ files: [path], transaction: info.transaction }] : [],
    ),
  }
  const inputs = [...files].map(([block, path]) => ({ path, content: block.sql }))
  const report = await lint(inputs, settings, path => setup === null || path !== pathOf(setup))
  const threw = report.internalErrors.map(({ part, message }) => `line ${blocks[0]?.line}: ${part} fails: ${message}.`)
  return [
    ...threw,
    ...blocks.flatMap(block => {
      const own = report.findings.filter(finding => finding.rule === rule && finding.path === pathOf(block))
      return blockMistakes(block, own)
    }),
  ]
}

function blockMistakes({ kind, line, sql }: Block, found: readonly ReportedFinding[]): string[] {
  const says = ({ message, at }: ReportedFinding) =>
    `${JSON.stringify(message)} at ${JSON.stringify(sql.slice(at[0], at[1]))}`
  if (kind === 'good') return found.map(each => `line ${line}: a good block has a finding: ${says(each)}.`)
  if (found.length === 0) return [`line ${line}: nothing is found in a bad block.`]
  const marks = markers(sql)
  const missed = marks.filter(mark => !found.some(each => pointsAt(mark, each, sql)))
  const unmarked = marks.length === 0 ? [] : found.filter(each => !marks.some(mark => pointsAt(mark, each, sql)))
  const all = found.map(says).join(' and ')
  return [
    ...missed.map(({ text }) => `line ${line}: the marker ${JSON.stringify(text)} does not fit what is found: ${all}.`),
    ...unmarked.map(each => `line ${line}: found, but not marked: ${says(each)}.`),
  ]
}

/**
 * One caret points into the finding, several cover it exactly (as far as its first line goes, and as far as the comment's
 * own dashes leave room for).
 */
export function pointsAt(marker: Marker, { at: [start, end], message }: ReportedFinding, sql: string): boolean {
  if (!message.includes(marker.text)) return false
  if (marker.length === 1) return start <= marker.offset && marker.offset < Math.max(end, start + 1)
  const line = sql.lastIndexOf('\n', marker.offset - 1) + 1
  const newline = sql.indexOf('\n', start)
  const begins = marker.offset === start || (marker.leftmost && line <= start && start < marker.offset)
  return begins && marker.offset + marker.length === Math.min(end, newline === -1 ? sql.length : newline)
}
