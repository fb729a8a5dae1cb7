import type { EditKind, Outcome } from '../../migration/change.ts'
import type { Difference, EditedMigration, PassedOver, ProjectStatus } from '../../migration/status.ts'
import { byteOrderMark, decode, startsWithMark } from '../../parse/source.ts'
import type { Project } from '../discover.ts'
import { outcomeOfDeletion, outcomeOfEdit, outcomeOfLateness, outcomeOfRename } from '../history/outcomes.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration } from '../system.ts'
import type { TableName } from '../tracking/table-names.ts'
import type { Item, Matches, Recorded, Subject, Tracking } from '../tracking/tracking.ts'

/** The former texts of a file, newest first, to find the one that was applied. */
export interface PastText {
  readonly content: Uint8Array
  readonly commit: string
  readonly date: string
}

export interface Sources {
  /** A former text of a file. */
  past(path: string): readonly PastText[]
  /** The change of a file since then. */
  edit(before: Uint8Array, migration: Migration): EditKind | null
}

/** The record with which a project's files are compared: the rows of the table that was found; null: there is none. */
export interface Reading {
  readonly tracking: Tracking
  readonly table: TableName | null
  readonly sought: string
  readonly recorded: readonly Recorded[]
  /** Tables that may be the right one and were not read: then nothing is known. */
  readonly passedOver: readonly PassedOver[]
}

export function subjectOf(project: Project, tree: Tree): Subject {
  return { project, tree, items: itemsOf(project) }
}

/** Files that share an id are recorded as one; the units of a file are recorded one by one. */
function itemsOf({ migrations }: Project): Item[] {
  const items = new Map<string, Item>()
  for (const migration of migrations) {
    const { id, path, repeatable = false, units } = migration
    if (!units) {
      const key = JSON.stringify([id, repeatable])
      if (!items.has(key)) items.set(key, { id, path, migration, unit: null, repeatable })
      continue
    }
    for (const unit of units(decode(path, migration.content).source.text)) {
      items.set(JSON.stringify([path, unit.id]), { id: unit.id, path, migration, unit, repeatable: unit.repeatable })
    }
  }
  return [...items.values()]
}

/** Compares the files of a project with the database's record of them. */
export function statusOf(
  subject: Subject,
  reading: Reading,
  sources: Sources,
  claimed: (recorded: Recorded) => boolean,
): ProjectStatus {
  const { items, project } = subject
  const { tracking, table, sought, recorded, passedOver } = reading
  const { pairs, unmatched } = matched(subject, reading)
  const matches = tracking.matching?.(subject, recorded) ?? (() => null)
  // The status leaves unknown migrations out, and certainly does not call them pending.
  const judged = (passedOver.length > 0 ? [] : items).map(item =>
    stateOf(item, pairs.get(item), { subject, tracking, sources, matches }),
  )

  const applied = judged.filter(({ state }) => state === 'applied')
  const isLate = tracking.isLate?.(subject, recorded) ?? (item => isBeforeAnother(item, subject, pairs))
  const late = outcomeOfLateness(
    project.system,
    items.find(({ migration }) => migration.stamp ?? migration.late)?.migration ?? {},
  )
  const missing = unmatched.filter(
    each => each.state === 'applied' && !tracking.isForeign?.(each, subject) && !claimed(each),
  )
  const failures = [
    ...judged.flatMap(({ state, item, record }) => (state === 'failed' && record ? [{ record, path: item.path }] : [])),
    ...unmatched.filter(each => each.state === 'failed' && !claimed(each)).map(record => ({ record, path: null })),
  ]
  return {
    system: project.system.title,
    directory: project.directory,
    table: table && `${table.schema}.${table.name}`,
    sought,
    passedOver,
    comparedBy: tracking.comparedBy ?? null,
    applied: applied.map(({ item, record, compared }) => ({ ...named(item, record), compared })),
    edited: judged.flatMap(({ edited }) => edited ?? []),
    pending: judged
      .filter(({ state }) => state === 'pending')
      .map(({ item, again }) => ({
        id: item.id,
        path: item.path,
        again,
        late: late !== null && !item.repeatable && isLate(item) ? late : null,
      })),
    missing: missing.map(({ id, at }) => ({ id, at, outcome: outcomeOfDeletion(project.system) })),
    failed: failures.map(({ record, path }) => ({
      id: record.id,
      path,
      at: record.at,
      detail: record.detail ?? null,
      outcome: failure(tracking),
    })),
    notices: table === null ? [tracking.elsewhere ?? []].flat() : [...(tracking.notices?.(recorded, subject) ?? [])],
  }
}

/** The records by their items; the last of several counts. */
function matched(subject: Subject, { tracking, recorded }: Reading) {
  const byKey = itemsByKey(subject, tracking)
  const pairs = new Map<Item, Recorded>()
  const unmatched: Recorded[] = []
  for (const each of recorded) {
    const item = each.keys.map(key => byKey.get(key)).find(found => found !== undefined)
    if (item) pairs.set(item, each)
    else unmatched.push(each)
  }
  return { pairs, unmatched }
}

/** The names that the records of a table may use for the migrations of a project. */
export function itemsByKey(subject: Subject, tracking: Tracking): ReadonlyMap<string, Item> {
  const keys = tracking.keys?.(subject) ?? (({ id }: Item) => [id])
  return new Map([...subject.items].reverse().flatMap(item => keys(item).map(key => [key, item] as const)))
}

interface Judged {
  readonly item: Item
  readonly record: Recorded | undefined
  readonly state: 'applied' | 'failed' | 'pending'
  readonly compared: boolean
  readonly again: boolean
  readonly edited: EditedMigration | null
}

interface Means {
  readonly subject: Subject
  readonly tracking: Tracking
  readonly sources: Sources
  readonly matches: Matches
}

function stateOf(item: Item, record: Recorded | undefined, means: Means): Judged {
  const common = { item, record, again: false, edited: null }
  if (!record) return { ...common, state: 'pending', compared: false }
  if (record.state === 'failed') return { ...common, state: 'failed', compared: false }
  const same = record.implied ? null : means.matches(record, item.migration.content, item)
  if (same === false && item.repeatable) return { ...common, state: 'pending', compared: true, again: true }
  const edited = same === false ? editOfContent(item, record, means) : editOfTitle(item, record, means)
  return { ...common, state: 'applied', compared: same !== null, edited }
}

function editOfTitle(item: Item, record: Recorded, { subject, tracking }: Means): EditedMigration | null {
  const title = tracking.title?.(item)
  if (title === undefined || record.title === undefined || title === record.title) return null
  const outcome = outcomeOfRename(subject.project.system, true)
  return { ...named(item, record), difference: 'name', appliedText: null, outcome }
}

/** Null when the system treats both as the same, and a reader would too. */
function editOfContent(item: Item, record: Recorded, means: Means): EditedMigration | null {
  const { subject, sources } = means
  const { migration, path } = item
  const is = (content: Uint8Array) => means.matches(record, content, item)
  const applied = sources.past(path).find(({ content }) => is(content) === true) ?? null
  const edit = applied
    ? sources.edit(applied.content, migration)
    : variants(migration.content).find(({ content }) => is(content) === true)?.kind
  const difference: Difference = edit ?? 'unknown'
  const outcome = outcomeOfEdit(subject.project.system, difference === 'unknown' ? 'statements' : difference)
  if (outcome === null) return null
  const appliedText = applied && { commit: applied.commit, date: applied.date }
  return { ...named(item, record), difference, appliedText, outcome }
}

/** Changes that checkouts and editors make to a text without anybody's intention. */
function variants(content: Uint8Array): { kind: EditKind; content: Uint8Array }[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
  const bytes = (changed: string) => new TextEncoder().encode(changed)
  const lf = text.replaceAll('\r\n', '\n')
  const marked = startsWithMark(content)
  return [
    { kind: 'line-ends', content: bytes(lf) },
    { kind: 'line-ends', content: bytes(lf.replaceAll('\n', '\r\n')) },
    {
      kind: 'line-ends',
      content: marked ? content.slice(byteOrderMark.length) : new Uint8Array([...byteOrderMark, ...content]),
    },
    { kind: 'comments', content: bytes(text.trimEnd()) },
    { kind: 'comments', content: bytes(`${text.trimEnd()}\n`) },
  ]
}

function named({ id, path }: Item, record: Recorded | undefined) {
  return { id, path, at: record?.at ?? null }
}

function isBeforeAnother(item: Item, { items }: Subject, pairs: ReadonlyMap<Item, Recorded>): boolean {
  return items.slice(items.indexOf(item) + 1).some(later => !later.repeatable && pairs.has(later))
}

function failure({ failed = 'It may be half done' }: Tracking): Outcome {
  return { severity: 'error', what: failed }
}
