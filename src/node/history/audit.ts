import type { EditKind } from '../../migration/change.ts'
import { counted } from '../../report/words.ts'
import type { ProjectReading } from '../../systems/history/compared.ts'
import { editOf } from '../../systems/history/edit.ts'
import { mapTree } from '../../systems/reading/tree.ts'
import type { Migration } from '../../systems/system.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { tooLarge } from '../disk/reading.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { nulSeparated } from '../git/git.ts'
import type { Repository } from '../git/repository.ts'
import type { Progress } from '../output/progress.ts'
import { changesOfLoaded, filesLoadedBy } from './loaded-files.ts'
import type { Event, PastChange } from './past-change.ts'

/**
 * Everything that the main line of commits did to migrations after they were added, the oldest change first. A merge
 * counts as one commit: what a branch did to its own migrations before the merge was not applied yet.
 */
export function audit(
  { project, again }: ProjectReading,
  repository: Repository,
  tree: ProjectTree,
  progress: Progress,
): PastChange[] {
  const named = pathsFrom(tree.disk, repository.root)
  const directory = named(project.directory) ?? ''
  progress.at(`Reading the log of ${directory || '.'}`)
  const loaded = filesLoadedBy(project, tree)
  const others = new Map(
    [...loaded.keys()].flatMap(path => (named(path) === null ? [] : [[named(path) ?? '', path] as const])),
  )
  const all = eventsIn(repository, [directory, ...others.keys()])
  const events = all.filter(({ path }) => directory === '' || path === directory || path.startsWith(`${directory}/`))
  const last = new Map<string, string>()
  for (const { path, before, after } of events) last.set(path, after ?? before ?? '')

  // The newest text of every file that ever existed, so that the system can decide which of them are migrations.
  progress.at(
    `Reading ${counted(last.size, 'file')} that ${directory || '.'} had in ${counted(events.length, 'change')}`,
  )
  repository.fetchBlobs([...last.values()])
  const prefix = (path: string) => (directory === '' ? path : path.slice(directory.length + 1))
  const here = (path: string) => (project.directory === '' ? prefix(path) : `${project.directory}/${prefix(path)}`)
  const read = (path: string, oid: string) => {
    if (repository.isTooLarge(oid)) throw new GitError(`${path}, as it was, could not be read: ${tooLarge}`)
    return repository.blob(oid)
  }
  const everything = mapTree(Object.fromEntries([...last].map(([path, oid]) => [here(path), read(path, oid)])))
  const migrations = new Map(again(everything).migrations.map(migration => [migration.path, migration]))

  const touched = events.filter(({ path, status }) => {
    const migration = migrations.get(here(path))
    return status !== 'A' && migration !== undefined && !migration.repeatable
  })
  progress.at(`Comparing ${counted(touched.length, 'change')} of migrations in ${directory || '.'}`)
  repository.fetchBlobs(touched.flatMap(({ before, after }) => [before, after].filter(oid => oid !== null)))
  const added = new Map(
    events.filter(({ status }) => status === 'A').map(event => [`${event.commit} ${event.after}`, event]),
  )
  const own = touched.flatMap((event): PastChange[] => {
    const { commit, date, path, before, after } = event
    const migration = migrations.get(here(path))
    if (!migration || before === null) return []
    const common = { commit, date, edit: null, from: null }
    if (after === null) {
      const target = added.get(`${commit} ${before}`)
      if (!target) return [{ ...common, path: here(path), kind: 'deleted' }]
      return [{ ...common, path: here(target.path), kind: 'renamed', from: here(path) }]
    }
    const edit = between(migration, read(path, before), read(path, after))
    return edit === null ? [] : [{ ...common, path: here(path), kind: 'edited', edit }]
  })
  if (loaded.size === 0) return own
  const inEvents = new Set(events)
  repository.fetchBlobs(
    all.flatMap(({ path, before, after }) => (others.has(path) ? [before, after].filter(oid => oid !== null) : [])),
  )
  const pathOf = (event: Event) => others.get(event.path) ?? (inEvents.has(event) ? here(event.path) : null)
  const order = new Map(all.map(({ commit }, i) => [commit, i]))
  return [...own, ...changesOfLoaded(loaded, tree, all, pathOf, read)].sort(
    (a, b) => (order.get(a.commit) ?? 0) - (order.get(b.commit) ?? 0),
  )
}

function between(migration: Migration, before: Uint8Array, after: Uint8Array): EditKind | null {
  return editOf({ ...migration, content: before }, { ...migration, content: after })?.kind ?? null
}

/** Counts a merge as one commit and skips the commits it brought in. */
const mainLine = ['--first-parent', '-m', '--reverse', 'HEAD']

/** The files that each of these commits added, changed and removed in some directories or files, from one process. */
export function eventsIn(
  { git }: Repository,
  paths: readonly string[],
  commits: readonly string[] = mainLine,
): Event[] {
  const output = git.run([
    'log',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--ignore-submodules',
    '--format=commit %H %as',
    ...commits,
    '--',
    ...paths.map(path => `:(top,literal)${path}`),
  ])
  const events: Event[] = []
  let [commit, date] = ['', '']
  const words = nulSeparated(output)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const start = /^\n?commit ([0-9a-f]+) (\S+)/.exec(word)
    if (start) [, commit = '', date = ''] = start
    const [, oldMode, newMode, before = '', after = '', status = ''] =
      /^\n?:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) (\w)/.exec(word) ?? []
    if (status === '') continue
    const touched = words[++i] ?? ''
    const oid = (mode: string | undefined, name: string) => (/^0+$/.test(name) || mode === '160000' ? null : name)
    events.push({ commit, date, status, before: oid(oldMode, before), after: oid(newMode, after), path: touched })
  }
  return events.filter(({ before, after }) => before !== null || after !== null)
}
