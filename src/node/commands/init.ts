import { existsSync } from 'node:fs'
import { configTemplate } from '../../lint/config/config-template.ts'
import { visible } from '../../report/visible.ts'
import { counted } from '../../report/words.ts'
import { type Project, projectsOf } from '../../systems/discover.ts'
import { WorkingTree } from '../disk/working-tree.ts'
import { create } from '../disk/writing.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { InitFlags } from '../flags.ts'
import { configNames } from '../input/config-file.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'

const name = 'migrate-lint.config.jsonc'

/**
 * `migrate-lint init`: writes a configuration that shows what can be said. It changes nothing by being there, unless migrations
 * that are there already shall not be reported on. Asks no questions: it may be run by a script.
 */
export function initCommand({ startAfterLatest = false }: InitFlags): number {
  const there = configNames.find(existing => existsSync(existing))
  if (there) throw new Failure(`There is a configuration here already, ${there}: it is left as it is.`)
  const { projects } = projectsOf(new WorkingTree('.'), { transaction: () => 'unknown' })
  const folders = projects.map(({ directory }) => directory || '.')
  const latest = projects.flatMap(newest)
  if (startAfterLatest && latest.length === 0) {
    throw new Failure('--start-after-latest: no migrations were found here, so there is none to start after.')
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
  tell(`Wrote ${name}. What is commented out is the default.`)
  if (latest.length > 0) tell(startNotice(projects, latest, startAfterLatest))
  return exitCodes.ok
}

/** The last migration in the order; those that run again after every change stand behind it, and say nothing of what is new. */
function newest({ migrations }: Project): string[] {
  const last = migrations.findLast(({ repeatable }) => !repeatable)
  return last ? [last.path] : []
}

function startNotice(projects: readonly Project[], latest: readonly string[], isSet: boolean): string {
  const sum = projects.reduce((sum, { migrations }) => sum + migrations.length, 0)
  const those = `${counted(sum, 'migration')} up to ${latest.map(path => visible(path)).join(' and ')}`
  if (isSet) return `${those}: not reported on, as "startAfter" says. They are read, to know the tables.`
  return `${those}: reported on. Uncomment "startAfter" if they are applied and nobody will change them.`
}
