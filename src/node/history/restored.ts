import type { Change, Undone } from '../../migration/change.ts'
import { decode } from '../../parse/source.ts'
import { journalEntries } from '../../systems/drizzle/drizzle.ts'
import type { Changes } from '../../systems/history/changes.ts'
import { unified } from '../../systems/history/edit.ts'
import { outcomeOfRestoration } from '../../systems/history/outcomes.ts'
import { join } from '../../systems/reading/files.ts'
import { mapTree, memoryOf, type Tree } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { eventsIn } from './audit.ts'
import type { OpenedBase } from './opened-base.ts'

/**
 * The changes. A change that restores an earlier state of the base's history is marked with the commit that it undoes. Asks git for the log
 * of the folder only if something changed. A change stays as it is if the history does not show more, for instance in a shallow clone.
 */
export function withRestorations(
  changes: Changes,
  directory: string,
  { repository, base }: OpenedBase,
  tree: ProjectTree,
): Changes {
  const named = pathsFrom(tree.disk, repository.root)
  const log = memoryOf((folder: string) =>
    byPath(eventsIn(repository, [folder], ['--first-parent', '-m', base.commit])),
  )
  const eventsOf = (path: string) => log(named(directory) ?? '').get(named(path) ?? '') ?? []
  const textIn = (oid: string, path: string) => textOf(path, repository.isTooLarge(oid) ? null : repository.blob(oid))

  /** The texts that commits removed from this path, the newest first; `isGone`: the commit also removed the file. */
  const taken = ({ path, isGone }: Sought) =>
    eventsOf(path).flatMap(event =>
      event.before !== null && (event.after === null) === isGone ? [{ event, before: event.before }] : [],
    )
  /** The newest commit that removed the present text of the path. */
  const tookAway = (sought: Sought): Undone | null => {
    const text = textAt(tree, sought.path)
    const found = text === null ? undefined : taken(sought).find(({ before }) => textIn(before, sought.path) === text)
    return found ? undone(found.event) : null
  }
  /** The newest commit before which the journal gave a migration this time. */
  const tookTime = (path: string, file: string, when: number): Undone | null => {
    const had = ({ before }: { readonly before: string }) =>
      journalEntries(mapTree({ [file]: textIn(before, file) ?? '' }), directory)?.some(
        entry => entry.when === when && join(directory, `${entry.tag}.sql`) === path,
      )
    const found = taken({ path: file, isGone: false }).find(had)
    return found ? undone(found.event) : null
  }
  const added = (path: string): Undone | null => {
    const found = eventsOf(path).find(({ before, after }) => before === null && after !== null)
    return found ? undone(found) : null
  }
  const undoneBy = (path: string, change: Change): Undone | null => {
    if (change.kind === 'restamped') return tookTime(path, change.file, change.now)
    const sought = soughtFor(path, change)
    const found = sought && tookAway(sought)
    if (found) return found
    if (change.kind === 'renamed') return change.isFreed ? added(change.from) : null
    return change.kind === 'deleted' && change.isFreed ? added(path) : null
  }
  const told = (path: string, change: Change): Change => {
    const undoes = unlessUnknown(() => undoneBy(path, change))
    return undoes ? { ...change, undoes, outcome: outcomeOfRestoration(change.kind, undoes) } : change
  }
  // Files may have had thousands of texts, and a process for each would take minutes.
  const all = [
    ...[...changes.present].flatMap(([path, own]) => own.map(change => soughtFor(path, change))),
    ...changes.gone.map(({ migration, change }) => soughtFor(migration.path, change)),
  ]
  unlessUnknown(() => repository.fetchBlobs(all.flatMap(each => (each ? taken(each).map(({ before }) => before) : []))))
  return {
    ...changes,
    present: new Map([...changes.present].map(([path, all]) => [path, all.map(change => told(path, change))])),
    gone: changes.gone.map(each => ({ ...each, change: told(each.migration.path, each.change) })),
  }
}

/** A text that commits may have removed: the present text of a path. */
interface Sought {
  readonly path: string
  /** The commit also removed the file. */
  readonly isGone: boolean
}

function soughtFor(path: string, change: Change): Sought | null {
  if (change.kind === 'edited') return { path: change.file ?? path, isGone: false }
  if (change.kind === 'restamped') return { path: change.file, isGone: false }
  return change.kind === 'late' || change.kind === 'renamed' ? { path, isGone: true } : null
}

/** Null if git does not have it. */
function unlessUnknown<T>(ask: () => T): T | null {
  try {
    return ask()
  } catch (error) {
    if (error instanceof GitError) return null
    throw error
  }
}

type Events = ReturnType<typeof eventsIn>

function byPath(events: Events): ReadonlyMap<string, Events> {
  const found = new Map<string, Events>()
  for (const event of events) {
    const same = found.get(event.path)
    if (same) same.push(event)
    else found.set(event.path, [event])
  }
  return found
}

function undone({ commit, date }: Events[number]): Undone {
  return { commit: commit.slice(0, 10), date }
}

function textAt(tree: Tree, path: string): string | null {
  try {
    return textOf(path, tree.read(path))
  } catch {
    return null
  }
}

function textOf(path: string, content: Uint8Array | null): string | null {
  return content && unified(decode(path, content).source.text)
}
