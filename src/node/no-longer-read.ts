import { counted } from '../report/words.ts'
import type { Input } from './input.ts'
import { RecordedTree } from './recorded-tree.ts'

/**
 * What a commit has as migrations, and what is there today is not taken for any more, although the files are there: a tool's
 * configuration may say so, or that the project is for another database. One sentence for each folder.
 */
export function noLongerRead({ projects, tree, projectsIn, hosted }: Input, commit: string): string[] {
  const read = new Set(projects.flatMap(({ migrations, downs }) => [...migrations, ...downs].map(({ path }) => path)))
  return projectsIn(RecordedTree.of(commit, tree.root))
    .flatMap(({ readings }) => readings)
    .flatMap(({ project: { directory, system, migrations } }) => {
      const lost = migrations.map(({ path }) => path).filter(path => !read.has(path) && tree.kind(path) === 'file')
      const [first] = lost
      if (first === undefined) return []
      const more = lost.length > 1 ? `, and ${counted(lost.length - 1, 'other')}` : ''
      const where = hosted(directory) || '.'
      return `${where}/ was read as ${system.title} before, and ${hosted(first)}${more} would not be read any more.`
    })
}
