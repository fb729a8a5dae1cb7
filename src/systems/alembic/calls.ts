import { functionOf } from '../../code/host.ts'
import type { ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { type Host, known, unknown, type Value } from '../../code/value.ts'
import { alembicAdvice } from './advice.ts'
import type { Convention } from './convention.ts'
import { modules } from './modules.ts'

/** Facts about all migrations from the project's environment. */
export interface Environment {
  readonly convention: Convention
  /** SQLAlchemy before 2.1 stores computed columns by default. */
  readonly storesComputed: boolean
}

/** How Alembic runs `upgrade` and `downgrade`: alembic/script/base.py and runtime/migration.py. */
export function alembicCalls(environment: Environment): ProgramReader {
  return {
    helpersReach: true,
    advice: alembicAdvice,
    modules: (run: Run) => modules({ run, ...environment, types: new Set() }),
    globals: () => globals,
    start: ({ names }, run, direction) => {
      const name = direction === 'up' ? 'upgrade' : 'downgrade'
      const found = names.get(name)
      if (found?.kind !== 'callable') return `there is no function \`${name}\` in it`
      run.invoke(found, [], found.at)
      return null
    },
  }
}

/** The dialect is known, so names of its classes are, too. */
const isinstance: Host = functionOf('isinstance', ({ args: [value, type], at }): Value => {
  const name = type?.kind === 'unknown' ? type.name : undefined
  if (value?.kind === 'host' && value.name === 'the dialect' && name !== undefined && /Dialect/.test(name))
    return known(/^PG/.test(name), at)
  return unknown('it depends on its class', at)
})

const globals = new Map([['isinstance', isinstance]])
