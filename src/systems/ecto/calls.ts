import { reads } from '../../code/given/call.ts'
import { NotRead, told } from '../../code/given/not-read.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import type { Direction, ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import { type Call, known, nothing, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { ectoAdvice } from './advice.ts'
import { alterTable, type Change, createTable, nameOf, reversed, timestamps } from './alter.ts'
import { path } from './column.ts'
import { described, describedAs } from './described.ts'
import { descriptions } from './descriptions.ts'
import { optionsIn, textOf } from './given.ts'
import { createConstraint, createIndex, dropConstraint, dropIndex } from './index-of-table.ts'
import { queryMacros } from './query.ts'
import { renaming } from './rename.ts'
import { Repo } from './repo.ts'
import type { Settings } from './settings.ts'
import { textsOf, type Ways } from './ways.ts'

/** The calls of Ecto's migrations: lib/ecto/migration.ex and lib/ecto/migration/runner.ex of ecto_sql. */
export function ectoCalls(settings: Settings): ProgramReader {
  const runners = new WeakMap<Run, Runner>()
  const runnerOf = (run: Run) => {
    const own = runners.get(run) ?? new Runner(run, settings)
    runners.set(run, own)
    return own
  }
  const macros = queryMacros(settings.schemas)
  return {
    helpersReach: true,
    advice: ectoAdvice,
    globals: run => {
      const runner = runnerOf(run)
      const members = runner.members()
      return {
        get: name => {
          if (name.endsWith('()')) return members.get(name.slice(0, -2))
          return name === sql ? runner.repo.adapter() : macros(name)
        },
      }
    },
    modules: run => ({ get: name => (name === sql ? runnerOf(run).repo.adapter() : undefined) }),
    foreignMember: run => (name, of) => (/(?:^|\.)Repo$/.test(of) ? runnerOf(run).repo.member(name, of) : undefined),
    start: ({ classes }, run, direction) => {
      const has = (name: string) => classes.find(({ entries }) => entries.get(`${name}()`)?.kind === 'callable')
      const own = has(direction)
      const module = own ?? has('change')
      if (!module) return `there is neither \`change\` nor \`${direction}\` in it`
      const opts = module.entries.get('@disable_ddl_transaction')
      const isAlone = opts?.kind === 'plain' && opts.value === true
      return runnerOf(run).run(module.entries.get(own ? `${direction}()` : 'change()'), direction, !own, isAlone)
    },
  }
}

/** The module whose functions send SQL at once. */
const sql = 'Ecto.Adapters.SQL'

/** A command waits until the end of the migration, or until `flush()`. */
interface Command extends Ways {
  readonly at: Span
  readonly nameAt: Span
  readonly isConditional: boolean
}

class Runner {
  readonly #run: Run
  readonly #settings: Settings
  readonly repo: Repo
  #waiting: Command[] = []
  #isReversed = false
  #direction: Direction = 'up'
  /** The changes of the block that is being read. */
  #changes: Change[] | null = null
  #conditions = 0

  constructor(run: Run, settings: Settings) {
    this.#run = run
    this.#settings = settings
    this.repo = new Repo(run, settings.schemas)
  }

  /** `isAlone`: the migration is not in a transaction. */
  run(found: Value | undefined, direction: Direction, isChange: boolean, isAlone: boolean): string | null {
    if (found?.kind !== 'callable') return 'there is no function in it'
    this.repo.level = isAlone ? 0 : 1
    this.#direction = direction
    this.#isReversed = isChange && direction === 'down'
    this.#conditions = this.#run.conditions
    this.#run.invoke(found, [], found.at)
    this.#flush()
    return null
  }

  #flush(): void {
    const commands = this.#isReversed ? this.#waiting.reverse() : this.#waiting
    this.#waiting = []
    for (const { at, isConditional, forward, backward } of commands) {
      const work = this.#isReversed ? backward : forward
      const send = () =>
        told(this.#run, at, () => {
          if (!work) throw new NotRead('it cannot be reverted', at)
          for (const sql of work()) this.#run.send(sql, { at })
        })
      if (isConditional) this.#run.perhaps(send)
      else send()
    }
  }

  #command({ at, nameAt }: Call, forward: Command['forward'], backward: Command['backward']): Value {
    this.#run.promise()
    this.#waiting.push({ at, nameAt, isConditional: this.#run.conditions > this.#conditions, forward, backward })
    return nothing(at)
  }

  members(): ReadonlyMap<string, Value> {
    const run = this.#run
    const all = new Map(descriptions())
    const reading = (name: string, read: (call: Call) => Value) => {
      all.set(name, reads(run, name, read))
    }
    reading('create', call => this.#create(call, false))
    reading('create_if_not_exists', call => this.#create(call, true))
    reading('drop', call => this.#drop(call, false))
    reading('drop_if_exists', call => this.#drop(call, true))
    reading('alter', call => this.#alter(call))
    reading('rename', call => this.#rename(call))
    reading('execute', call => this.#execute(call))
    for (const what of ['add', 'add_if_not_exists', 'modify', 'remove', 'remove_if_exists'] as const)
      reading(what, call => this.#change(what, call))
    reading('timestamps', ({ args: [options], at, nameAt }) => {
      for (const change of timestamps(options, this.#settings, nameAt)) this.#changes?.push(change)
      return nothing(at)
    })
    all.set(
      'flush',
      functionOf('flush', ({ at }) => {
        if (!this.#isReversed) this.#flush()
        return nothing(at)
      }),
    )
    all.set(
      'direction',
      functionOf('direction', ({ at }) => textAt(this.#direction, at)),
    )
    all.set(
      'prefix',
      functionOf('prefix', ({ at }) => known(null, at)),
    )
    all.set(
      'repo',
      functionOf('repo', () => this.repo.own()),
    )
    return all
  }

  /** Reads the block after a call. Conditional code in it is not part of the single statement that the block makes. */
  #block(call: Call): Change[] {
    const before = this.#changes
    const own: Change[] = []
    this.#changes = own
    try {
      if (call.block) this.#run.invoke(call.block, [], call.at)
    } finally {
      this.#changes = before
    }
    return own
  }

  #change(what: Change['what'], call: Call): Value {
    const { args, at, nameAt } = call
    const changes = this.#changes
    if (!changes) throw new NotRead('it is not inside of a table', at)
    const [name, second, third] = args
    const isOptions = second?.kind === 'record' && what.startsWith('remove')
    const options = optionsIn(isOptions ? second : third, null, at)
    if (this.#run.conditions > this.#conditions) throw new NotRead('it runs only under a condition', at)
    changes.push({
      what,
      column: textIn(name, at, 'the name of the column'),
      type: isOptions ? undefined : second,
      options,
      at: nameAt,
    })
    return nothing(at)
  }

  #create(call: Call, exists: boolean): Value {
    const {
      args: [value],
      nameAt,
      at,
    } = call
    const own = describedAs(value)
    switch (own?.kind) {
      case 'table': {
        const changes = this.#block(call)
        const make = () => createTable(own, changes, exists, this.#settings, nameAt)
        return this.#command(call, make, () => [dropTable(own, exists, '', nameAt)])
      }
      case 'index':
        return this.#command(
          call,
          () => createIndex(own, exists, nameAt),
          () => dropIndex(own, exists, '', nameAt),
        )
      case 'constraint':
        return this.#command(
          call,
          () => createConstraint(own, nameAt),
          () => dropConstraint(own, false, '', nameAt),
        )
      default:
        throw new NotRead(
          value?.kind === 'unknown' ? value.why : 'the object that it creates is not read',
          placeOf(value, at),
        )
    }
  }

  #drop(call: Call, exists: boolean): Value {
    const {
      args: [value, options],
      nameAt,
      at,
    } = call
    const mode = textOf(optionsIn(options, ['mode'], at), 'mode', at)
    const cascade = mode && plain(mode) === 'cascade' ? ' CASCADE' : ''
    const own = describedAs(value)
    switch (own?.kind) {
      case 'table':
        return this.#command(call, () => [dropTable(own, exists, cascade, nameAt)], null)
      case 'index':
        return this.#command(
          call,
          () => dropIndex(own, exists, cascade, nameAt),
          () => createIndex(own, exists, nameAt),
        )
      case 'constraint':
        return this.#command(call, () => dropConstraint(own, exists, cascade, nameAt), null)
      default:
        throw new NotRead(
          value?.kind === 'unknown' ? value.why : 'the object that it drops is not read',
          placeOf(value, at),
        )
    }
  }

  #alter(call: Call): Value {
    const {
      args: [value],
      nameAt,
      at,
    } = call
    const own = described(value, 'table')
    if (!own) throw new NotRead(value?.kind === 'unknown' ? value.why : 'the table is not known', placeOf(value, at))
    const changes = this.#block(call)
    const back = reversed(changes)
    const alter = (each: readonly Change[]) => () => alterTable(own, each, this.#settings, nameAt)
    return this.#command(call, alter(changes), back && alter(back))
  }

  #rename(call: Call): Value {
    const { forward, backward } = renaming(call)
    return this.#command(call, forward, backward)
  }

  #execute(call: Call): Value {
    const {
      args: [up, down],
      at,
    } = call
    const run = this.#run
    const work = (value: Value | undefined) => (): readonly Text[] => {
      if (value?.kind === 'callable') {
        run.invoke(value, [], at)
        return []
      }
      if (value?.kind === 'list') throw new NotRead('the adapter of PostgreSQL refuses lists', at)
      if (value?.kind === 'unknown') throw new NotRead(value.why, placeOf(value, at))
      return [textIn(value, at, 'what is executed')]
    }
    return this.#command(call, work(up), down ? work(down) : null)
  }
}

function dropTable(table: Parameters<typeof nameOf>[0], exists: boolean, cascade: string, at: Span): Text {
  const name = path(nameOf(table, at), at)
  return textsOf([textAt(`DROP TABLE ${exists ? 'IF EXISTS ' : ''}`, at), name, textAt(cascade, at)])
}
