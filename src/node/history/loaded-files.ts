import { decode } from '../../parse/source.ts'
import type { Project } from '../../systems/discover.ts'
import { editOf } from '../../systems/history/edit.ts'
import { readProgram } from '../../systems/history/programs.ts'
import type { Tree } from '../../systems/reading/tree.ts'
import type { Migration } from '../../systems/system.ts'
import type { Event, PastChange } from './past-change.ts'

/**
 * The files of SQL that migrations in code load, by path, each with the migrations that load it. Reads the programs that name such a file,
 * within `withParsers`.
 */
export function filesLoadedBy({ migrations }: Project, tree: Tree): ReadonlyMap<string, readonly Migration[]> {
  const found = new Map<string, Migration[]>()
  for (const migration of migrations) {
    const { opaque, reader, path, content } = migration
    if (opaque === undefined || !reader || !/\.sql\b/i.test(decode(path, content).source.text)) continue
    const { sent } = readProgram(migration, { earlier: [], tree }) ?? {}
    const files = new Set([...(sent?.loaded.up.keys() ?? []), ...(sent?.loaded.down.keys() ?? [])])
    for (const file of files) found.set(file, [...(found.get(file) ?? []), migration])
  }
  return found
}

/**
 * What commits did to these files after they added a migration that loads them. `events` are in the order of the commits; `pathOf` gives
 * their paths in the tree, and null for files outside of it.
 */
export function changesOfLoaded(
  files: ReadonlyMap<string, readonly Migration[]>,
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
    const by = path === null ? undefined : files.get(path)
    if (path === null || !by || before === null) return []
    const migration = by.find(each => (added.get(each.path) ?? Number.POSITIVE_INFINITY) < (commits.get(commit) ?? 0))
    if (!migration) return []
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
