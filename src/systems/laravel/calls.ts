import { functionOf, host, silent, textGiven } from '../../code/host.ts'
import { type Offered, together } from '../../code/offered.ts'
import type { Defined, Direction, ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { plain, textAt, unknownIn } from '../../code/text.ts'
import { type Callable, type Entries, type Host, known, nothing, type Value } from '../../code/value.ts'
import { laravelAdvice } from './advice.ts'
import { Catalog } from './catalog.ts'
import { settingsOf } from './config.ts'
import { databaseHosts } from './connection.ts'
import { expressionHost } from './given.ts'
import { helpers, quietClass, settingHelpers } from './helper.ts'
import type { Context } from './schema.ts'
import type { Settings } from './settings.ts'

/** Migrations of Laravel, and the SQL that its schema builder sends in a project with these settings. */
export function laravelCalls(settings: Settings): ProgramReader {
  const catalog = new Catalog()
  const contexts = new WeakMap<Run, Context>()
  const contextOf = (run: Run): Context => {
    const known = contexts.get(run)
    if (known) return known
    const made = { run, settings, level: 1, catalog }
    contexts.set(run, made)
    return made
  }
  return {
    helpersReach: true,
    advice: laravelAdvice(settings),
    globals: run => together(databaseOf(contextOf(run)), helpers),
    modules: run => together(databaseOf(contextOf(run)), packages),
    ofHistory: () => laravelCalls(settings),
    start: (program, run, direction) => {
      const context = contextOf(run)
      // The other direction must not change what later migrations see.
      if (direction === 'down') context.catalog = catalog.copy()
      const why = start(program, context, direction)
      if (why !== null || run.deeds.some(({ kind }) => kind === 'unread')) context.catalog.doubt()
      return why
    },
  }
}

const facade = 'Illuminate\\Support\\Facades\\'

/** Classes by their full names. They know nothing of a migration: they are made once. */
const packages: Offered = new Map<string, Value>([
  ...[...helpers].flatMap(([name, value]): [string, Value][] => [
    [name, value],
    [`${facade}${name}`, value],
    [`Illuminate\\Support\\${name}`, value],
  ]),
  ['Carbon\\Carbon', quietClass('Carbon')],
  ['Carbon\\CarbonImmutable', quietClass('CarbonImmutable')],
  ['Ramsey\\Uuid\\Uuid', quietClass('Uuid')],
  ['Illuminate\\Database\\Query\\Expression', functionOf('Expression', call => expressionHost(textGiven(call)))],
  ['Illuminate\\Contracts\\Database\\Query\\Expression', { kind: 'host', name: 'Expression' }],
  ['Illuminate\\Database\\Schema\\Blueprint', { kind: 'host', name: 'Blueprint' }],
  ['Illuminate\\Database\\Migrations\\Migration', { kind: 'host', name: 'Migration' }],
  ['Laravel\\Pulse\\Support\\PulseMigration', { kind: 'host', name: 'PulseMigration' }],
])

const made = new WeakMap<Context, Offered>()

/** The same `DB` and `Schema` under all their names. */
function databaseOf(context: Context): Offered {
  const known = made.get(context)
  if (known) return known
  const { db, schema } = databaseHosts(context)
  const { run, settings } = context
  const settingOf = settingsOf(settings.configText, () => run.step())
  const found = new Map<string, Value>([
    ...settingHelpers(settingOf).flatMap(([name, value]): [string, Value][] => [
      [name, value],
      [`${facade}${name}`, value],
      [`Illuminate\\Support\\${name}`, value],
    ]),
    // It calls the function, and only reports its errors.
    [
      'rescue',
      functionOf('rescue', ({ args: [work], at }) =>
        work?.kind === 'callable' ? run.invoke(work, [], at) : nothing(at),
      ),
    ],
    ['DB', db],
    ['Schema', schema],
    [`${facade}DB`, db],
    [`${facade}Schema`, schema],
    ['Illuminate\\Database\\Schema\\Builder', schema],
  ])
  made.set(context, found)
  return found
}

/** Migrator::runMigration */
function start(program: Defined, context: Context, direction: Direction): string | null {
  const migration = migrationOf(program)
  if (!migration) return 'there is no class of a migration in it'
  const work = migration.entries.get(direction)
  if (work?.kind !== 'callable') return `its class has no \`${direction}\``
  const connection = migration.entries.get('connection')
  if (
    connection?.kind === 'text' &&
    unknownIn(connection) === null &&
    !context.settings.connections.has(plain(connection))
  )
    return `it is for the connection \`${plain(connection)}\`, which is another database`
  const within = migration.entries.get('withinTransaction')
  if (within?.kind === 'plain' && within.value === false) context.level = 0
  migration.base = baseOf(migration)
  context.run.invoke(work, [], work.at)
  return null
}

/** The value that the file returns, or its class with a method `up`. */
function migrationOf({ returned, classes, instance }: Defined): Entries | null {
  if (returned?.kind === 'record') return returned
  const found = classes.find(isMigration) ?? classes.at(-1)
  return found ? instance(found) : null
}

function isMigration({ entries }: Callable): boolean {
  return entries.has('up')
}

/** Illuminate\Database\Migrations\Migration, and Laravel\Pulse\Support\PulseMigration, which knows its driver. */
function baseOf(migration: Entries): Host {
  return host('Migration', {
    driver: functionOf('driver', ({ at }) => textAt('pgsql', at)),
    shouldRun: functionOf('shouldRun', ({ at }) => known(true, at)),
    getConnection: functionOf('getConnection', ({ at }) => migration.entries.get('connection') ?? known(null, at)),
    withinTransaction: known(true, migration.at),
    __construct: silent('Migration::__construct'),
  })
}
