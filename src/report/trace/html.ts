import { tool } from '../../lint/tool.ts'
import { severities } from '../../migration/severity.ts'
import { commonFolder, contents } from '../page/contents.ts'
import { pageOf } from '../page/document.ts'
import { code, escaped } from '../page/escape.ts'
import { legend } from '../page/waiting.ts'
import { positionsIn } from '../position.ts'
import { counted } from '../words.ts'
import { type PicturedStatement, pictures, widthSwitch } from './charts.ts'
import { statementTable } from './statement-table.ts'
import { locksBetween, locksSeenIn } from './timeline.ts'
import type { Trace, TraceReporter } from './trace.ts'
import { duration, leftBy, outcomeOf } from './words.ts'

/** The number of statements that have a row. A page with more would be too large for browsers. */
const rowsShown = 4000
/** Up to this number of files, all are unfolded. */
const filesUnfolded = 5
/** Up to this number of files, those with errors are unfolded, too. */
const filesWithErrors = 30

interface PicturedFile {
  readonly file: Trace['files'][number]
  /** The place of its first statement among those of all files. */
  readonly first: number
  readonly statements: readonly PicturedStatement[]
}

/**
 * For people in a browser: one picture of the locks of all migrations, one of each, and tables with the SQL, what the server did, and what
 * linting finds.
 */
export const traceHtml: TraceReporter = trace => {
  const { files, server } = trace
  const outcome = outcomeOf(trace)
  const all = picturedFiles(files)
  const statements = files.flatMap(file => file.statements)
  const locks = locksSeenIn(statements)
  const time = statements.reduce((sum, { seen }) => sum + (seen?.milliseconds ?? 0), 0)
  const [heading = outcome.result, ...told] = [
    ...outcome.failures,
    ...(outcome.notRun === null ? [] : [outcome.notRun]),
    outcome.result,
  ]
  const sections = all.map((own, i) =>
    section(own, i, locksBetween(locks, own.first, own.statements.length), all.length),
  )
  const left = all.length - sections.filter(each => each !== '').length
  return pageOf({
    title: `${tool.name} trace: ${heading}`,
    heading,
    look: outcome.failures.length > 0 ? 'bad' : outcome.isGood ? 'good' : 'doubt',
    facts: [[server, counted(files.length, 'migration'), counted(statements.length, 'statement'), duration(time)]],
    skip: 'Skip to the statements',
    aside:
      files.length > 1
        ? contents(
            files.map(file => ({ path: file.path, words: wordsOf(file) })),
            'Migrations',
          )
        : '',
    main: [
      told.length === 0 ? '' : `<ul class="notices">${told.map(words => `<li>${escaped(words)}</li>`).join('')}</ul>`,
      locks.length === 0 ? '<p>Nothing was locked that was there before.</p>' : `${widthSwitch}\n${legend()}`,
      files.length > 1 ? deploy(all, locks) : '',
      ...sections,
      left > 0 ? `<p class="quiet">And ${counted(left, 'more migration')}, not listed.</p>` : '',
    ],
    footer: `${tool.name} ${tool.version}`,
  })
}

function picturedFiles(files: Trace['files']): PicturedFile[] {
  let first = 0
  return files.map(file => {
    const start = first
    first += file.statements.length
    const positions = positionsIn(file.source)
    const statements = file.statements.map(({ span, seen, transaction }, i) => {
      const { line } = positions.at(span[0])
      return {
        seen,
        tick: String(line),
        place: `line ${line} of ${file.path}`,
        group: transaction,
        row: `s-${start + i}`,
      }
    })
    return { file, first: start, statements }
  })
}

/** All migrations in one picture, with a lane for each table. */
function deploy(all: readonly PicturedFile[], locks: ReturnType<typeof locksSeenIn>): string {
  const folder = commonFolder(all.map(({ file }) => file.path))
  const statements = all.flatMap(own => own.statements.map(each => ({ ...each, tick: '', group: own.first })))
  const paths = new Map(all.map(({ file, first }) => [first, file.path]))
  const chart = pictures({
    id: 'all',
    hint: true,
    of: 'all migrations',
    statements,
    locks: locks.filter(({ kind }) => !kind.endsWith('index')),
    axis: '',
    narrowest: 4,
    groupNamed: first => {
      const path = paths.get(first) ?? ''
      // Dates and numbers are alike for all.
      const label = path
        .slice(folder.length)
        .replace(/^[\d_-]+(?=.)/, '')
        .replace(/\.\w+$/, '')
      return { title: path, label }
    },
  })
  return chart === ''
    ? ''
    : `<section aria-labelledby="all-migrations"><h2 id="all-migrations">All migrations</h2>\n${chart}</section>`
}

function section(
  { file, first, statements }: PicturedFile,
  place: number,
  locks: ReturnType<typeof locksSeenIn>,
  files: number,
): string {
  if (first >= rowsShown) return ''
  const { path, source, findings } = file
  const shown = file.statements.slice(0, rowsShown - first)
  const rest = file.statements.length - shown.length
  const left = leftBy(file)
  const chart = pictures({
    id: `file-${place}-locks`,
    hint: files === 1,
    of: path,
    statements,
    locks,
    axis: 'line',
    narrowest: 10,
    groupNamed: () => ({ title: 'one transaction', label: 'transaction' }),
  })
  const isOpen = files <= filesUnfolded || isRemarkable(file, files)
  return `<section class="file" aria-labelledby="file-${place}">
<h2 id="file-${place}">${code(path)} <span class="quiet">${file.takenBack ? 'taken back, ' : ''}${escaped(wordsOf(file))}</span></h2>
<details class="traced"${isOpen ? ' open=""' : ''}><summary>Locks and statements</summary>
${chart}
${statementTable(shown, findings, source, i => `s-${first + i}`)}
${left.length > 0 ? `<p>${escaped(left[0] ?? '')}</p>` : ''}${
  left.length > 1
    ? `<ul class="notices">${left
        .slice(1)
        .map(words => `<li>${escaped(words)}</li>`)
        .join('')}</ul>`
    : ''
}
${rest > 0 ? `<p class="quiet">And ${counted(rest, 'more statement')}, not listed.</p>` : ''}</details>
</section>`
}

function isRemarkable({ statements, findings, takenBack }: Trace['files'][number], files: number): boolean {
  return (
    (takenBack !== undefined && (takenBack.leaves.length > 0 || takenBack.notCompared !== null)) ||
    (files <= filesWithErrors && findings.some(({ severity }) => severity === 'error')) ||
    statements.some(({ seen, differences }) => seen?.refused || differences.length > 0)
  )
}

/** `3 statements, 12 ms, 1 error`. */
function wordsOf({ statements, findings, unread }: Trace['files'][number]): string {
  const time = statements.reduce((sum, { seen }) => sum + (seen?.milliseconds ?? 0), 0)
  const found = severities.flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length
    return count > 0 ? [counted(count, severity)] : []
  })
  return [
    counted(statements.length, 'statement'),
    duration(time),
    ...(unread > 0 ? [`${counted(unread, 'place')} not read`] : []),
    ...found,
  ].join(', ')
}
