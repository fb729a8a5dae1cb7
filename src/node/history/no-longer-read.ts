import { isMigration } from '../../migration/migration.ts'
import { counted } from '../../report/words.ts'
import type { Input } from '../input/input.ts'

/** What a change makes of the folders of migrations that there were before. Sentences, one for each folder. */
export interface Reread {
  /** Of folders with files that are not read now, although they are there. */
  readonly lost: readonly string[]
  /** Of folders that are read as those of another system now, which may cut the files otherwise. */
  readonly otherwise: readonly string[]
}

/**
 * What is there today and is not taken for migrations, although the system that a commit has for the folder would: what the commit has
 * itself, and what is new. A tool's configuration or journal may say so, or that the project is for another database.
 */
export function noLongerRead(input: Input, commit: string): Reread {
  return rereading(input, commit, false)
}

/** The same, of what would be read if what the commit has were not settled. */
export function wouldBeRead(input: Input, commit: string): Reread {
  return rereading({ ...input, projects: input.projectsIn(input.tree) }, commit, true)
}

function rereading({ projects, tree, projectsAt, hosted }: Input, commit: string, isSettled: boolean): Reread {
  const sql = projects.flatMap(({ migrations, downs }) => [...migrations, ...downs])
  const read = new Set(sql.filter(isMigration).map(({ path }) => path))
  const today = projects.flatMap(({ readings }) => readings.map(({ project }) => project))
  const lost: string[] = []
  const otherwise: string[] = []
  const before = projectsAt(commit).flatMap(({ readings }) => readings)
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
      const what = isOld ? 'would not be read any more' : 'would have been read then, but is not now'
      lost.push(`${was}, and ${hosted(first)}${more} ${what}.`)
    } else if (project.migrations.length > 0 && other && !others.includes(system)) {
      otherwise.push(`${was}, and ${isSettled ? 'would be' : 'is'} read as ${other.title} now.`)
    }
  }
  return { lost, otherwise }
}
