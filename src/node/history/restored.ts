import type { Change, Undone } from '../../migration/change.ts'
import { decode } from '../../parse/source.ts'
import type { Changes } from '../../systems/history/changes.ts'
import { unified } from '../../systems/history/edit.ts'
import { outcomeOfRestoration } from '../../systems/history/guard.ts'
import { memoryOf, type Tree } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { eventsIn } from './audit.ts'
import type { OpenedBase } from './opened-base.ts'

/**
 * The changes, those that put back what the base's history had before told as such: with the commit that they undo. Asks git for the log of
 * the folder only where something changed. What the history cannot tell, because a clone is shallow say, stays as it is.
 */
export function withRestorations(
  changes: Changes,
  directory: string,
  { repository, base }: OpenedBase,
  tree: ProjectTree,
): Changes {
  const named = pathsFrom(tree.disk, repository.root)
  const log = memoryOf((folder: string) => byPath(eventsIn(repository, folder, ['--first-parent', '-m', base.commit])))
  const eventsOf = (path: string) => log(named(directory) ?? '').get(named(path) ?? '') ?? []
  const textIn = (oid: string, path: string) => textOf(path, repository.isTooLarge(oid) ? null : repository.blob(oid))

  /** The newest commit that took this text away from this path; `isGone`: and the file with it. */
  const tookAway = (path: string, text: string | null, isGone: boolean): Undone | null => {
    const found = eventsOf(path).find(
      ({ before, after }) =>
        before !== null && (after === null) === isGone && text !== null && textIn(before, path) === text,
    )
    return found ? undone(found) : null
  }
  const added = (path: string): Undone | null => {
    const found = eventsOf(path).find(({ before, after }) => before === null && after !== null)
    return found ? undone(found) : null
  }
  const undoneBy = (path: string, change: Change): Undone | null => {
    switch (change.kind) {
      case 'edited': {
        const file = change.file ?? path
        return tookAway(file, textAt(tree, file), false)
      }
      case 'late':
        return tookAway(path, textAt(tree, path), true)
      case 'renamed':
        return tookAway(path, textAt(tree, path), true) ?? (change.isFreed ? added(change.from) : null)
      case 'deleted':
        return change.isFreed ? added(path) : null
      default:
        return null
    }
  }
  const told = (path: string, change: Change): Change => {
    try {
      const undoes = undoneBy(path, change)
      return undoes ? { ...change, undoes, outcome: outcomeOfRestoration(change.kind, undoes) } : change
    } catch (error) {
      if (error instanceof GitError) return change
      throw error
    }
  }
  return {
    ...changes,
    present: new Map([...changes.present].map(([path, all]) => [path, all.map(change => told(path, change))])),
    gone: changes.gone.map(each => ({ ...each, change: told(each.migration.path, each.change) })),
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
