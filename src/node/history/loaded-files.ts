import { decode } from '../../parse/source.ts'
import type { Project } from '../../systems/discover.ts'
import { editOf } from '../../systems/history/edit.ts'
import { importedBy } from '../../systems/history/imported.ts'
import { readProgram } from '../../systems/history/programs.ts'
import type { Tree } from '../../systems/reading/tree.ts'
import type { Migration } from '../../systems/system.ts'
import type { Event, PastChange } from './past-change.ts'

/** The migrations that use a file: as SQL that they send, or by what they import from it. */
interface Users {
  readonly load: readonly Migration[]
  readonly import: readonly Migration[]
}

const nobody: Users = { load: [], import: [] }

/**
 * The files that migrations in code load or import, by path, each with the migrations that do. Reads the programs that name a file of SQL, within
 * `withParsers`.
 */
export function filesLoadedBy({ migrations }: Project, tree: Tree): ReadonlyMap<string, Users> {
  const found = new Map<string, Users>()
  const add = (file: string, how: keyof Users, migration: Migration) => {
    const users = found.get(file) ?? nobody
    found.set(file, { ...users, [how]: [...users[how], migration] })
  }
  const own = new Set(migrations.map(({ path }) => path))
  for (const migration of migrations) {
    const { opaque, reader, path, content } = migration
    if (opaque === undefined || !reader) continue
    const { text } = decode(path, content).source
    // A migration that another one imports is edited as a migration.
    for (const file of importedBy(tree, path, text).keys()) if (!own.has(file)) add(file, 'import', migration)
    if (!/\.sql\b/i.test(text)) continue
    const { sent } = readProgram(migration, { all: [], tree }) ?? {}
    const files = new Set([...(sent?.loaded.up.keys() ?? []), ...(sent?.loaded.down.keys() ?? [])])
    for (const file of files) add(file, 'load', migration)
  }
  return found
}

/**
 * What commits did to these files after they added a migration that loads them. `events` are in the order of the commits; `pathOf` gives
 * their paths in the tree, and null for files outside of it.
 */
export function changesOfLoaded(
  files: ReadonlyMap<string, Users>,
  tree: Tree,
  events: readonly Event[],
  pathOf: (event: Event) => string | null,
  read: (path: string, oid: string) => Uint8Array,
): PastChange[] {
  const commits = new Map<string, number>()
  for (const { commit } of events) if (!commits.has(commit)) commits.set(commit, commits.size)
  const added = new Map<string, number>()
  for (const event of events) {
    const path = pathOf(event)
    if (path !== null && event.status === 'A' && !added.has(path)) added.set(path, commits.get(event.commit) ?? 0)
  }
  return events.flatMap((event): PastChange[] => {
    const { commit, date, before, after } = event
    const path = pathOf(event)
    const users = path === null ? undefined : files.get(path)
    if (path === null || !users || before === null) return []
    const isApplied = ({ path: own }: Migration) =>
      (added.get(own) ?? Number.POSITIVE_INFINITY) < (commits.get(commit) ?? 0)
    const migration = users.load.find(isApplied)
    if (!migration) {
      const around = (oid: string) => ({ all: [], tree: withFile(tree, path, read(path, oid)) })
      const kinds = users.import.filter(isApplied).flatMap(each => {
        const edit = after === null ? null : editOf(each, each, { before: around(before), after: around(after) })
        return edit === null ? [] : [edit.kind]
      })
      const [kind] = kinds.includes('statements') ? (['statements'] as const) : kinds
      return kind === undefined ? [] : [{ commit, date, path, edit: kind, from: null, kind: 'edited' }]
    }
    const common = { commit, date, path, edit: null, from: null }
    if (after === null) return [{ ...common, kind: 'deleted' }]
    const { execution } = migration
    const edit = editOf(
      { path, content: read(path, before), execution },
      { path, content: read(path, after), execution },
    )
    return edit === null ? [] : [{ ...common, kind: 'edited', edit: edit.kind }]
  })
}

/** The tree of today with one file as it was. */
function withFile(tree: Tree, path: string, content: Uint8Array): Tree {
  return { ...bound(tree), read: other => (other === path ? content : tree.read(other)) }
}

function bound(tree: Tree): Tree {
  const { real } = tree
  return {
    list: dir => tree.list(dir),
    read: path => tree.read(path),
    ...(real && { real: dir => real.call(tree, dir) }),
  }
}
