import { findNodeAtLocation, getNodeValue, type ParseError } from 'jsonc-parser'
import type { Discrepancy } from '../../migration/discrepancy.ts'
import { jsonTree } from '../../parse/json.ts'
import { hasFile, join, namesIn, textOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { IntegrityFile } from '../system.ts'

/**
 * The files of Drizzle Kit (0.x) beside the migrations: the journal, by which they are run, and a snapshot of the
 * schema after each migration.
 */
export const journalFile = 'meta/_journal.json'

/** The snapshot beside the journal that comes first by its name; null: there is none. */
export function firstSnapshot(tree: Tree, directory: string): string | null {
  const meta = join(directory, 'meta')
  const name = namesIn(tree, meta).find(each => /^\d+_snapshot\.json$/.test(each))
  return name === undefined ? null : join(meta, name)
}

/** The journal, if it is not JSON or lists a missing file: readMigrationFiles stops at it (drizzle-orm, src/migrator.ts). */
export function journalOf(tree: Tree, directory: string): IntegrityFile {
  const path = join(directory, journalFile)
  const text = textOf(tree, path) ?? ''
  const errors: ParseError[] = []
  const root = jsonTree(text, errors, { disallowComments: true })
  const covers: string[] = []
  const stops = { severity: 'error', does: 'Drizzle runs nothing', about: [] } as const
  const discrepancies = errors.slice(0, 1).map(
    ({ offset, length }): Discrepancy => ({
      ...stops,
      at: [offset, offset + length],
      what: `its journal ${MARKS.test(text) ? 'has the marks of a merge conflict' : 'is not JSON'}`,
      help: oneSide,
    }),
  )
  let future: { time: number; at: Discrepancy['at']; tag: string } | null = null
  const entries = root && findNodeAtLocation(root, ['entries'])
  for (const entry of (entries?.type === 'array' && entries.children) || []) {
    const tag = findNodeAtLocation(entry, ['tag'])
    if (tag?.type !== 'string') continue
    const file = join(directory, `${String(getNodeValue(tag))}.sql`)
    covers.push(file)
    const when = findNodeAtLocation(entry, ['when'])
    const time: unknown = when && getNodeValue(when)
    if (when && typeof time === 'number' && time > (future?.time ?? Date.now() + day)) {
      future = { time, at: [when.offset, when.offset + when.length], tag: String(getNodeValue(tag)) }
    }
    if (hasFile(tree, file)) continue
    // The message that the file is deleted is less useful.
    discrepancies.push({
      ...stops,
      at: [tag.offset, tag.offset + tag.length],
      what: `its journal lists ${JSON.stringify(getNodeValue(tag))}, but there is no ${file}`,
      help: 'Put the file back. If nothing has run it, delete its entry from the journal, and its snapshot.',
    })
  }
  if (future) discrepancies.push(tooLate(future))
  return { path, covers, discrepancies }
}

/** Clocks differ, and so do the time zones of people who write dates by hand. */
const day = 86_400_000

/**
 * Migrations that are generated before then have an earlier time, and count as applied where this one is (drizzle-orm,
 * src/pg-core/dialect.ts).
 */
function tooLate({ time, at, tag }: { time: number; at: Discrepancy['at']; tag: string }): Discrepancy {
  const date = time < 8.64e15 ? new Date(time).toISOString().slice(0, 10) : 'never to come'
  return {
    at,
    severity: 'error',
    does: 'Drizzle silently skips new migrations until then',
    what: `its journal dates ${JSON.stringify(tag)} in the future (${time}: ${date})`,
    help: 'Give it the present time, in milliseconds, later than those of the entries before it. Where it is applied already, new entries need an even later time.',
    about: [],
  }
}

/**
 * Snapshots that cannot be read, and those with the same predecessor, as after a merge of two branches: Drizzle Kit's
 * `check` and `generate` stop at them (drizzle-kit, src/utils.ts: validateWithReport, prepareMigrationFolder). A
 * deployment does not read them.
 */
export function rivalSnapshots(tree: Tree, directory: string): IntegrityFile[] {
  const meta = join(directory, 'meta')
  const names = namesIn(tree, meta).filter(name => !name.startsWith('_') && name.endsWith('.json'))
  const first = new Map<string, string>()
  return names.flatMap((name): IntegrityFile[] => {
    const path = join(meta, name)
    const text = headOf(tree, path)
    const covers = [join(directory, journalFile)]
    const tell = (at: Discrepancy['at'], what: string, help: string): IntegrityFile[] => {
      const does = 'Drizzle Kit no longer checks or generates anything'
      return [{ path, covers, discrepancies: [{ at, severity: 'warning', does, what, help, about: [] }] }]
    }
    const marks = MARKS.exec(text)
    if (marks) {
      const at: Discrepancy['at'] = [marks.index, marks.index + marks[0].trimEnd().length]
      return tell(at, `${name} has the marks of a merge conflict`, oneSide)
    }
    const parent = PARENT.exec(text)
    if (!parent) return []
    // Snapshots of another version are refused in any case until `drizzle-kit up` has converted them.
    const key = `${VERSION.exec(text)?.[1]} ${parent[1]}`
    const rival = first.get(key)
    if (rival === undefined) {
      first.set(key, name)
      return []
    }
    const help =
      'Keep the one that is applied. Delete the other migration, its snapshot and its entry in the journal, and run `drizzle-kit generate` again.'
    return tell([parent.index, parent.index + parent[0].length], `${name} and ${rival} have the same predecessor`, help)
  })
}

const MARKS = /^(?:<<<<<<< |=======\r?$|>>>>>>> )/m
const oneSide = 'Take one side completely, then generate the migration of the other one again.'

/** Only its first lines are read: a snapshot is large, there is one for each migration, and its predecessor is named first. */
function headOf(tree: Tree, path: string): string {
  return textOf({ list: tree.list, read: file => tree.read(file).subarray(0, 2048) }, path) ?? ''
}

// Both are near the top, as members of the outermost object. A column of that name has an object as its value.
const PARENT = /"prevId"\s*:\s*"([^"]*)"/
const VERSION = /"version"\s*:\s*"([^"]*)"/
