import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateLint, project } from '../../node/kit/program.ts'

/** The baseline that accepts all that is found in these files, as the program writes it. */
export async function baselineOf(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = project({ ...files, 'baseline.json': '' })
  const { code, stderr } = await migrateLint(
    ['migrations', '--no-config', '--baseline', 'new.json', '--update-baseline'],
    {
      cwd,
    },
  )
  if (code !== 0) throw new Error(stderr)
  return readFileSync(join(cwd, 'new.json'), 'utf8')
}
