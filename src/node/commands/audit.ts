import type { EditKind } from '../../migration/change.ts'
import { placesNotRead } from '../../report/not-read.ts'
import { visible } from '../../report/visible.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { HistoryFlags } from '../flags.ts'
import { GitError } from '../git/error.ts'
import { Repository } from '../git/repository.ts'
import { audit } from '../history/audit.ts'
import type { PastChange } from '../history/past-change.ts'
import { readInput } from '../input/input.ts'
import { outputs, write } from '../output/output.ts'
import { progressOn } from '../output/progress.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'

/**
 * `migrate-lint history --audit` lists what was done to migrations in the past. The list is only for reading, so the
 * exit code is 0 unless some files could not be read.
 */
export async function auditCommand(paths: readonly string[], flags: HistoryFlags): Promise<number> {
  const wanted = outputs(flags, ['text', 'json'] as const)
  const { projects, tree, isAsked, notices, unread, omitted, display } = await readInput(paths, flags, registry)
  for (const notice of notices) tell(notice)
  const progress = progressOn(process.stderr)
  const readings = projects.flatMap(project => project.readings)
  const past = await withParsers(() =>
    readings.flatMap(reading => {
      try {
        const repository = Repository.at(tree.disk.absolute(reading.project.directory))
        return repository.head() === null ? [] : audit(reading, repository, tree, progress)
      } catch (error) {
        if (error instanceof GitError) throw new Failure(`The past cannot be read: ${error.message}.`)
        throw error
      } finally {
        progress.done()
      }
    }),
  )
  const found = past
    .filter(({ path }) => isAsked(path))
    .map(change => ({
      ...change,
      path: display(change.path),
      from: change.from === null ? null : display(change.from),
    }))
  for (const { format, path } of wanted) {
    write(path, flags, () => (format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : text(found, unread.length)))
  }
  return omitted.length > 0 ? exitCodes.failure : exitCodes.ok
}

const words: Readonly<Record<EditKind, string>> = {
  statements: 'statements edited',
  down: 'down migration edited',
  comments: 'comments, white space or case edited',
  'line-ends': 'line ends edited',
}

function text(found: readonly PastChange[], unread: number): string {
  const lines = found.map(({ commit, date, path, kind, edit, from }) => {
    const what = edit === null ? (from === null ? kind : `renamed from ${from}`) : words[edit]
    return visible(`${date} ${commit.slice(0, 12)}  ${path}  ${what}`)
  })
  const statements = found.filter(({ edit }) => edit === 'statements').length
  const count = found.length === 0 ? 'No migration was changed' : `${found.length} changes of migrations`
  const grave = found.length === 0 ? '' : `, ${statements} of them of statements,`
  const left = unread > 0 ? `${placesNotRead(unread)}. ` : ''
  return `${[...lines, `${left}${count}${grave} after the commit that added it.`].join('\n')}\n`
}
