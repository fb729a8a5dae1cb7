import type { Project } from '../../systems/discover.ts'
import { editOf } from '../../systems/history/edit.ts'
import type { PastText, Sources } from '../../systems/status/status.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { Repository } from '../git/repository.ts'
import { eventsIn } from './audit.ts'

/** The texts that git has of a project's files, from every branch in this clone. There are none without git. */
export function pastTexts(tree: ProjectTree, { directory }: Project): Sources {
  return {
    past(path) {
      try {
        return textsOf(Repository.at(tree.disk.absolute(directory)), tree, path)
      } catch (error) {
        if (error instanceof GitError) return []
        throw error
      }
    },
    edit: (content, migration) => editOf({ ...migration, content }, migration)?.kind ?? null,
  }
}

function textsOf(repository: Repository, tree: ProjectTree, path: string): PastText[] {
  const named = pathsFrom(tree.disk, repository.root)(path)
  if (named === null) return []
  const events = eventsIn(repository, [named], ['--all'])
  repository.fetchBlobs(events.flatMap(({ after }) => after ?? []))
  return events.flatMap(({ after, commit, date }) =>
    after === null || repository.isTooLarge(after) ? [] : [{ content: repository.blob(after), commit, date }],
  )
}
