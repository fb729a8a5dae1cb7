import { functionOf, host } from '../../code/host.ts'
import { madeWhenAsked, type Offered, together } from '../../code/offered.ts'
import { projectFolder } from '../../code/path.ts'
import type { Defined, Direction, ProgramReader } from '../../code/reader.ts'
import { none } from '../../code/ruby/inflection.ts'
import type { Run } from '../../code/run.ts'
import { textAt } from '../../code/text.ts'
import type { Callable, Entries } from '../../code/value.ts'
import { type Host, known, nothing, record, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { railsAdvice } from './advice.ts'
import { Catalog } from './catalog.ts'
import { changes } from './change-table.ts'
import { columns } from './column.ts'
import { connectionOf } from './connection.ts'
import { constraints } from './constraint.ts'
import { foreignKeys } from './foreign-key.ts'
import { gitlabMethods, railsVersionOf } from './gitlab.ts'
import type { Operation, Settings } from './given.ts'
import { indexes } from './index-of.ts'
import { migrationMethods } from './migration.ts'
import { declarations, foreignMember, modelMethod } from './model.ts'
import { online } from './online.ts'
import { others } from './other.ts'
import { assumed } from './project.ts'
import { questions } from './question.ts'
import { references } from './reference.ts'
import { around } from './safe-pg.ts'
import { OneDirection } from './session.ts'
import { tables } from './table.ts'
import { views } from './view.ts'

const groups: readonly Readonly<Record<string, Operation>>[] = [
  ...[tables, columns, indexes, references, foreignKeys, constraints, changes, others, views, online, questions],
]
const operations: ReadonlyMap<string, Operation> = new Map(groups.flatMap(group => Object.entries(group)))

const constants: ReadonlyMap<string, (own: Reading) => Value> = new Map([
  ['ActiveRecord', (own: Reading) => own.activeRecord()],
  ['Gitlab', (own: Reading) => own.gitlab()],
  ['Rails', ({ session }: Reading) => railsOf(session.settings, projectFolder(session.run, 'db', nowhere))],
])

const newest: Settings = {
  rails: assumed,
  datetimeType: 'timestamp',
  primaryKeyType: null,
  safePg: null,
  inflections: none,
  hasAffix: false,
  file: () => null,
}

/** The methods of Active Record's migrations as SQL. */
export function railsCalls(settings: Partial<Settings> = {}): ProgramReader {
  return reader({ ...newest, ...settings })
}

function reader(settings: Settings): ProgramReader {
  const catalog = new Catalog()
  const read = new WeakMap<Run, Reading>()
  return {
    helpersReach: true,
    advice: railsAdvice(settings.rails),
    ofHistory: () => reader(settings),
    globals: run => {
      const own = new Reading(new OneDirection(run, settings, operations, catalog))
      read.set(run, own)
      return together(madeWhenAsked(constants, own), declarations)
    },
    foreignMember: run => {
      const session = read.get(run)?.session
      const connection = session && connectionOf(session)
      return name => (session && connection ? foreignMember(session, connection, name) : undefined)
    },
    start: (program, run, direction) => {
      const own = read.get(run)
      if (!own) return null
      const { session } = own
      // The other direction must not change the catalog that later migrations see.
      session.catalog = direction === 'up' ? catalog : catalog.copy()
      const why = own.start(program, direction)
      if (run.deeds.some(({ kind }) => kind === 'unread')) session.catalog.isSure = false
      return why
    },
  }
}

/** The state of reading one migration: the names that it can use, and the way in which it is run. */
class Reading {
  readonly session: OneDirection
  readonly #versions = new Map<Host, number>()
  /** What a file defines that shows the schema. */
  readonly #schemas: { readonly version: number; readonly block: Callable }[] = []
  /** The migration extends or includes what GitLab has for migrations. */
  #isGitlab = false

  constructor(session: OneDirection) {
    this.session = session
  }

  activeRecord(): Host {
    const connection = connectionOf(this.session)
    const model: Host = {
      kind: 'host',
      name: 'ActiveRecord::Base',
      get: name =>
        name === 'connection' || name === 'lease_connection' ? connection : modelMethod(this.session, name),
    }
    const migration = this.#migration(4.2)
    const members = new Map<string, Value>([
      ['Base', model],
      ['VERSION', versionOf(this.session.settings.rails)],
      ['Migration', { ...migration, index: (by, at) => this.#versioned(by, at) }],
      ['Schema', { ...this.#schema(null), index: by => this.#schema(numberOf(by)) }],
    ])
    const found = members.get('Migration')
    if (found?.kind === 'host') this.#versions.set(found, 4.2)
    return {
      kind: 'host',
      name: 'ActiveRecord',
      get: (name, at) =>
        members.get(name) ??
        (/^[A-Z]\w*$/.test(name) ? unknown(`\`ActiveRecord::${name}\` is not evaluated`, at, false, name) : undefined),
    }
  }

  /**
   * `ActiveRecord::Schema[7.1]`, whose `define` has the schema as a migration of that version would create it. Files without a version were
   * written before Rails 7.
   */
  #schema(version: number | null): Host {
    const define = functionOf('define', ({ block, at }) => {
      if (block?.kind !== 'callable') return nothing(at)
      const written = version ?? Math.min(this.session.settings.rails, 6.1)
      const self: Entries = { ...record([], at), base: this.#migration(written) }
      const within = { ...block, scope: { names: new Map<string, Value>([['self', self]]), outer: block.scope } }
      this.#schemas.push({ version: written, block: within })
      return nothing(at)
    })
    return host('ActiveRecord::Schema', { define })
  }

  /** `Gitlab::Database::Migration[2.1]`, and `Gitlab::Database::MigrationHelpers`, which older migrations include. */
  gitlab(): Host {
    const unread = (name: string): ReturnType<NonNullable<Host['get']>> =>
      /^[A-Z]\w*$/.test(name)
        ? { ...unknown('it is code of the application', nowhere, true, name), mayReach: true }
        : undefined
    const migration: Host = {
      kind: 'host',
      name: 'Gitlab::Database::Migration',
      index: (by, at) => {
        const version = numberOf(by)
        const source = this.session.settings.file('lib/gitlab/database/migration.rb')
        const rails = version === null ? null : railsVersionOf(version.toFixed(1), source)
        return rails === null ? unknown('the version of Rails behind it is unknown', at) : this.#migration(rails)
      },
    }
    const database: Host = {
      kind: 'host',
      name: 'Gitlab::Database',
      get: name => {
        if (!/^Migration(?:Helpers)?$/.test(name)) return unread(name)
        this.#isGitlab = true
        return name === 'Migration' ? migration : { kind: 'host', name, get: unread }
      },
    }
    return { kind: 'host', name: 'Gitlab', get: name => (name === 'Database' ? database : unread(name)) }
  }

  /** `ActiveRecord::Migration[7.1]` */
  #versioned(by: Value, at: readonly [number, number]): Value {
    const said = numberOf(by)
    if (said === null || said < 4 || said >= 20) return unknown('its version is not known', at)
    return this.#migration(said)
  }

  #migration(version: number): Host {
    const methods = migrationMethods(this.session)
    let gitlab: Offered | null = null
    const connection = connectionOf(this.session)
    const made: Host = {
      kind: 'host',
      name: 'ActiveRecord::Migration',
      get: (name, at) => {
        if (this.#isGitlab) gitlab ??= gitlabMethods(this.session)
        const found = gitlab?.get(name) ?? methods.get(name)
        if (found) return found
        // pg_ha_migrations has everything under another name, too.
        const own = name.replace(/^unsafe_/, '')
        if (operations.has(own)) return functionOf(name, call => this.session.perform(own, call))
        // A migration forwards unknown methods to its connection.
        return connection.get?.(name, at)
      },
    }
    this.#versions.set(made, version)
    return made
  }

  start({ classes, instance }: Defined, direction: Direction): string | null {
    const found = classes.map(each => ({ each, base: this.#baseOf(each) })).filter(({ base }) => base !== undefined)
    const last = found.at(-1)
    if (!last && this.#schemas.length > 0) return this.#defineSchemas()
    if (!last?.base) return 'no class in it extends `ActiveRecord::Migration`'
    this.session.version = this.#versions.get(last.base) ?? this.session.version
    const self = instance(last.each, last.base)
    if (!self) return 'its class is not known'
    const { safePg } = this.session.settings
    if (safePg === null) this.#run(self, last.each, direction)
    else this.#runSafely(self, last.each, direction)
    return null
  }

  #defineSchemas(): null {
    for (const { version, block } of this.#schemas) {
      this.session.version = version
      this.session.run.invoke(block, [], block.at)
    }
    return null
  }

  #run(self: Entries, of: Callable, direction: Direction): void {
    const { run } = this.session
    const call = (name: string) => {
      const method = self.entries.get(name)
      if (method) run.invoke(method, [], of.at, self)
    }
    if (!self.entries.has('change')) return call(direction)
    if (direction === 'up') call('change')
    else this.session.revert(() => call('change'))
  }

  /** The gem runs migrations without a transaction, and with timeouts of its own. */
  #runSafely(self: Entries, of: Callable, direction: Direction): void {
    const { run } = this.session
    const send = (sql: string) => run.send(textAt(sql, of.at), { at: of.at })
    this.session.isOutside = true
    send(around[0])
    this.#run(self, of, direction)
    send(around[1])
  }

  #baseOf(of: Callable): Host | undefined {
    for (const base of of.bases ?? []) {
      if (base.kind === 'host' && this.#versions.has(base)) return base
      const found = base.kind === 'callable' ? this.#baseOf(base) : undefined
      if (found) return found
    }
    return undefined
  }
}

const nowhere: Span = [0, 0]

/** The number in brackets; null: it is unknown. */
function numberOf(by: Value): number | null {
  const said =
    by.kind === 'plain'
      ? Number(by.value)
      : by.kind === 'text'
        ? Number(by.pieces.map(({ text }) => text).join(''))
        : Number.NaN
  return Number.isNaN(said) ? null : said
}

/** `ActiveRecord::VERSION` */
function versionOf(rails: number): Host {
  const [major = 0, minor = 0] = String(rails).split('.').map(Number)
  const at: Span = [0, 0]
  return host('ActiveRecord::VERSION', {
    MAJOR: known(major, at),
    MINOR: known(minor, at),
    STRING: textAt(`${rails}.0`, at),
  })
}

/** `Rails`: its configured type of keys, and the folder of the project; the rest is not evaluated. */
function railsOf({ primaryKeyType }: Settings, root: Value): Host {
  const at: Span = [0, 0]
  const type: Value = primaryKeyType === null ? known(null, at) : textAt(primaryKeyType, at)
  const options = record([['active_record', record([['primary_key_type', type]], at)]], at)
  const generators = host('generators', {
    options: functionOf('options', () => options),
    orm: functionOf('orm', () => textAt('active_record', at)),
  })
  const rest = (name: string) => unknown(`\`${name}\` is not evaluated`, at, false, name)
  const configuration: Host = {
    kind: 'host',
    name: 'configuration',
    get: name => (name === 'generators' ? returns(generators) : rest(`Rails.configuration.${name}`)),
  }
  return {
    kind: 'host',
    name: 'Rails',
    get: name => (name === 'configuration' ? returns(configuration) : name === 'root' ? root : rest(`Rails.${name}`)),
  }
}

/** A method without arguments. */
function returns(value: Host): Host {
  return { ...value, call: () => value }
}
