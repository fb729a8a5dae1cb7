import { existsSync, writeFileSync } from 'node:fs'
import { configTemplate } from '../lint/config-template.ts'
import { projectsOf } from '../systems/discover.ts'
import { systemIds } from '../systems/index.ts'
import { configNames } from './config-file.ts'
import { exitCodes } from './exit-code.ts'
import { Failure, reason } from './failure.ts'
import { WorkingTree } from './files.ts'
import { registry } from './registry.ts'
import { tell } from './stderr.ts'

const name = 'migrate-lint.config.jsonc'

/** `migrate-lint init`: writes a configuration that shows what can be said, and changes nothing by being there. */
export function initCommand(): number {
  const there = configNames.find(existing => existsSync(existing))
  if (there) throw new Failure(`There is a configuration here already, ${there}: it is left as it is.`)
  const vocabulary = { rules: registry.rules, systems: systemIds }
  const { projects } = projectsOf(new WorkingTree('.'), { transaction: () => 'unknown' })
  const folders = projects.map(({ directory }) => directory || '.')
  try {
    writeFileSync(name, configTemplate(vocabulary, folders.length > 0 ? folders : ['migrations']), { flag: 'wx' })
  } catch (error) {
    throw new Failure(`Cannot write ${name}: ${reason(error)}.`)
  }
  tell(`Wrote ${name}. What is commented out is the default.`)
  return exitCodes.ok
}
