import { existsSync } from 'node:fs'
import { configTemplate } from '../../lint/config/config-template.ts'
import { visible } from '../../report/visible.ts'
import { counted } from '../../report/words.ts'
import { type Project, projectsOf } from '../../systems/discover.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import { WorkingTree } from '../disk/working-tree.ts'
import { create } from '../disk/writing.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { InitFlags } from '../flags.ts'
import { configNames } from '../input/config-names.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'

const name = 'migrate-lint.config.jsonc'

/**
 * `migrate-lint init`: writes a configuration that shows all settings. The file alone changes nothing, unless existing
 * migrations should not be reported on. Asks no questions, because a script may run it.
 */
export async function initCommand({ startAfterLatest = false }: InitFlags): Promise<number> {
  const there = configNames.find(existing => existsSync(existing))
  if (there) throw new Failure(`There is a configuration here already, ${there}; it was not changed.`)
  const { projects } = await withParsers(() => projectsOf(new WorkingTree('.'), { transaction: () => 'unknown' }))
  const folders = projects.map(({ directory }) => directory || '.')
  const latest = projects.flatMap(newest)
  if (startAfterLatest && latest.length === 0) {
    throw new Failure('--start-after-latest: no migrations were found here, so there is nothing to start after.')
  }
  const text = configTemplate(registry, {
    paths: folders.length > 0 ? folders : ['migrations'],
    ...(latest.length > 0 && { startAfter: { migrations: latest, isSet: startAfterLatest } }),
  })
  try {
    create(name, text)
  } catch (error) {
    throw new Failure(`Cannot write ${name}: ${reason(error)}.`)
  }
  tell(`Wrote ${name}. Lines that are commented out show the defaults.`)
  if (latest.length > 0) tell(startNotice(projects, latest, startAfterLatest))
  return exitCodes.ok
}

/**
 * The last migration in the order. Migrations that run again after every change come after it, and say nothing about
 * which ones are new.
 */
function newest({ migrations }: Project): string[] {
  const last = migrations.findLast(({ repeatable }) => !repeatable)
  return last ? [last.path] : []
}

function startNotice(projects: readonly Project[], latest: readonly string[], isSet: boolean): string {
  const sum = projects.reduce((sum, { migrations }) => sum + migrations.length, 0)
  const those = `${counted(sum, 'migration')} up to ${latest.map(path => visible(path)).join(' and ')}`
  if (isSet) return `${those} are not reported on, because of "startAfter". They are read to know the tables.`
  return `${those} are reported on. Uncomment "startAfter" if they are applied and nobody will change them.`
}
