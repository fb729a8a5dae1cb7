import { isMigration } from '../../migration/migration.ts'
import { counted } from '../../report/words.ts'
import type { ProjectReading } from '../../systems/history/compared.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import type { Input } from '../input/input.ts'

/** How a change affects the folders that had migrations before, one sentence for each folder. */
export interface Reread {
  /** Folders with files that still exist but are no longer read. */
  readonly lost: readonly string[]
  /** Folders that are now read as those of another system, which may split the files differently. */
  readonly otherwise: readonly string[]
}

/**
 * Files that exist today and do not count as migrations, although they would in the system that a commit has for the
 * folder: files of that commit, and new ones. The reason may be a tool's configuration or journal, or that the
 * project is for another database.
 */
export function noLongerRead(input: Input, commit: string): Promise<Reread> {
  return rereading(input, commit, false)
}

/** The same for files that would be read if the state of the commit did not decide. */
export async function wouldBeRead(input: Input, commit: string): Promise<Reread> {
  return rereading({ ...input, projects: await withParsers(() => input.projectsIn(input.tree)) }, commit, true)
}

async function rereading(input: Input, commit: string, isSettled: boolean): Promise<Reread> {
  const before = (await input.projectsAt(commit)).flatMap(({ readings }) => readings)
  return withParsers(() => reread(input, before, isSettled))
}

function reread({ projects, tree, hosted }: Input, before: readonly ProjectReading[], isSettled: boolean): Reread {
  const sql = projects.flatMap(({ migrations, downs }) => [...migrations, ...downs])
  const read = new Set(sql.filter(isMigration).map(({ path }) => path))
  const today = projects.flatMap(({ readings }) => readings.map(({ project }) => project))
  const lost: string[] = []
  const otherwise: string[] = []
  for (const { project, again } of before) {
    const { directory, system } = project
    const old = project.migrations.map(({ path }) => path).filter(path => tree.kind(path) === 'file')
    const now = again(tree).migrations.map(({ path }) => path)
    const missing = [...new Set([...old, ...now])].filter(path => !read.has(path))
    const [first] = missing
    const others = today.filter(each => each.directory === directory).map(each => each.system)
    const [other] = others
    const was = `${hosted(directory) || '.'}/ was read as ${system.title} before`
    if (first !== undefined) {
      const more = missing.length > 1 ? `, and ${counted(missing.length - 1, 'other')}` : ''
      const isOld = old.includes(first) || isSettled
      const what = isOld ? 'would no longer be read' : 'would have been read then, but is not now'
      lost.push(`${was}, and ${hosted(first)}${more} ${what}.`)
    } else if (project.migrations.length > 0 && other && !others.includes(system)) {
      otherwise.push(`${was}, and ${isSettled ? 'would be' : 'is'} read as ${other.title} now.`)
    }
  }
  return { lost, otherwise }
}
