import { completeConfig, mapTree, projectsOf } from '../../src/index.ts'
import { transactionModes } from '../../src/lint/config/transaction.ts'
import type { ProjectStatus } from '../../src/migration/status.ts'
import { lookUp } from '../../src/parse/look-up.ts'
import { statusReporters } from '../../src/report/index.ts'
import { editOf } from '../../src/systems/history/edit.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { statusOf, subjectOf } from '../../src/systems/status/status.ts'
import { trackings } from '../../src/systems/status/trackings.ts'
import type { Migration } from '../../src/systems/system.ts'
import type { Row, Subject, Tracking } from '../../src/systems/tracking/tracking.ts'
import { withoutStyling } from '../../test/report/kit/builder.ts'
import type { Input } from './input.ts'
import { controls } from './reports.ts'
import { type Failure, failure } from './try.ts'

/** Compares the projects of the input with the given rows, as `status` does with those of a database. */
export async function recorded(input: Input, failures: Failure[]): Promise<readonly ProjectStatus[]> {
  const tree = mapTree(Object.fromEntries(input.files))
  const config = completeConfig({})
  const { projects } = await projectsOf(tree, { ...config, transaction: transactionModes(config) })
  const rows = (input.given ?? '').split('\n').flatMap(rowIn)
  const compared = await withParsers(() =>
    projects.flatMap(project => {
      const subject = subjectOf(project, tree)
      return (lookUp(trackings, project.system.id) ?? []).flatMap(tracking => {
        const status = statusFor(subject, tracking, rows)
        return status ? [{ subject, status }] : []
      })
    }),
  )
  for (const { subject, status } of compared) if (!isWhole(status, subject)) failures.push(lost)
  const statuses = compared.map(({ status }) => status)
  print(statuses, failures)
  return statuses
}

function statusFor(subject: Subject, tracking: Tracking, rows: readonly Row[]): ProjectStatus | null {
  // A table is the one of a system only if it has all of these columns.
  const missing = Object.fromEntries(tracking.columns.map(column => [column, null]))
  const found = tracking.records(
    rows.map(row => ({ ...missing, ...row })),
    subject,
  )
  if (found === null) return null
  tracking.configured?.(subject.tree, subject.project.directory, new Map())
  const reading = { tracking, table: { schema: 's', name: 't' }, sought: '', recorded: found, passedOver: [] }
  return statusOf(subject, reading, sourcesOf(subject), () => false)
}

/** A past in which each file ended differently. */
function sourcesOf({ items }: Subject) {
  return {
    past: (path: string) => {
      const content = items.find(item => item.path === path)?.migration.content ?? new Uint8Array()
      return [{ content: content.subarray(0, -1), commit: 'a'.repeat(40), date: '2026-01-01' }]
    },
    edit: (content: Uint8Array, migration: Migration) => editOf({ ...migration, content }, migration)?.kind ?? null,
  }
}

/** Every migration is in one of the lists. */
function isWhole({ applied, pending, failed }: ProjectStatus, { items }: Subject): boolean {
  const withFile = failed.filter(({ path }) => path !== null)
  return applied.length + pending.length + withFile.length === items.length
}

const lost = failure('each migration is applied, pending or failed', 'some are not, or are twice', 'status')

function print(projects: readonly ProjectStatus[], failures: Failure[]): void {
  const status = { database: { name: 'd', host: 'h', port: 5432, version: '18' }, projects, unread: 0 }
  const style = { color: true, links: false, ascii: false, notes: true, verbose: true, width: 80 }
  for (const [format, printed] of Object.entries(statusReporters)) {
    const text = withoutStyling(printed(status, style))
    if (format === 'json') JSON.parse(text)
    const [bad] = controls.exec(text) ?? []
    if (bad !== undefined) {
      const code = `U+${bad.codePointAt(0)?.toString(16)}`
      failures.push(failure('no control character is in a status', `${code} in ${format}`, format))
    }
  }
}

/** Empty if the line was damaged. */
function rowIn(line: string): Row[] {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return []
  }
  const isRow = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isRow ? Object.entries(value as object) : []
  const usable = entries.filter(
    (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
  )
  return isRow ? [Object.fromEntries(usable)] : []
}
