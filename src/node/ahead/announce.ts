import { decode } from '../../parse/source.ts'
import type { FoundProject } from '../input/projects.ts'

/** With fewer programs than this, the start of a thread costs more than it saves. */
const fewest = 200

/** Has the programs of a large run parsed from now on, while it is compared with git and then reads the first of them. */
export async function announcePrograms(projects: readonly FoundProject[]): Promise<void> {
  const programs = projects.flatMap(({ migrations }) =>
    migrations.flatMap(each => (each.kind === 'code' && each.reader ? each : [])),
  )
  if (programs.length < fewest) return
  const { announce } = await import('../../code/read.ts')
  announce(
    programs.map(({ path, content }) => {
      return { path, text: typeof content === 'string' ? content : decode(path, content).source.text }
    }),
  )
}
