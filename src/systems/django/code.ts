import { builds, reads } from '../../code/given/call.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { answer, functionOf, host, silent, textGiven } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { plain, quoted, textAt } from '../../code/text.ts'
import { type Host, unknown, type Value } from '../../code/value.ts'
import { type Imports, nameOf } from './object.ts'
import type { Operation } from './operation.ts'
import { withValues } from './other-operations.ts'
import { isHarmless, usesRows } from './reach.ts'

/**
 * Functions that a migration runs (RunPython). They run application code. Only the SQL is read that they send as it is, through
 * `schema_editor.execute` and cursors.
 */
export class Code implements Imports {
  readonly known = new Map<string, Host>()
  readonly #run: Run
  #isInside = false
  #usesApplication = false
  #usesModels = false
  readonly #usesRows = new Map<string, boolean>()

  constructor(run: Run) {
    this.#run = run
  }

  /** Whether something that the migration imports reaches rows at most. */
  readonly usesRows = (path: string): boolean => {
    const known = this.#usesRows.get(path) ?? usesRows(path, this.#run.beside)
    this.#usesRows.set(path, known)
    return known
  }

  /** A call of something that the migration imports, by its path. */
  readonly called = (path: string): Value | undefined => {
    if (!this.#isInside) return undefined
    if (/^django\.db\.connections?\.cursor$/.test(path)) return this.#cursor()
    if (isHarmless(path)) return undefined
    if (this.usesRows(path)) this.#usesModels = true
    else this.#usesApplication = true
    return undefined
  }

  /** RunPython(code): one report for the whole function if some of it is not read. */
  runs(code: Value | undefined, { call }: Operation): void {
    if (nameOf(code)?.endsWith('.noop')) return
    if (code?.kind !== 'callable') {
      this.#run.unread(call.at, 'it runs application code, which is in another file')
      return
    }
    this.#usesApplication = false
    this.#usesModels = false
    this.#isInside = true
    const why = 'it runs application code'
    try {
      this.#run.toldOnce(call.at, why, () => {
        this.#run.invoke(code, [this.#apps(), this.#schemaEditor()], call.at)
        return this.#usesApplication || (this.#usesModels && 'rows')
      })
    } finally {
      this.#isInside = false
    }
  }

  /**
   * Models: every call on them may reach the rows of the database. Those that a migration gets have no code of the application but managers with
   * `use_in_migrations` (documentation, "Historical models").
   */
  #apps(): Host {
    const model: Host = {
      kind: 'host',
      name: 'a model',
      onlyRows: true,
      get: name => (takesSql.test(name) ? undefined : model),
      call: ({ at }) => {
        this.#usesModels = true
        return { ...unknown('it runs application code', at, true), mayReach: 'rows' }
      },
      index: () => model,
    }
    const described = (name: string) => functionOf(`apps.${name}`, () => model)
    return host('apps', {
      get_model: described('get_model'),
      get_models: described('get_models'),
      get_app_config: described('get_app_config'),
      get_app_configs: described('get_app_configs'),
    })
  }

  #schemaEditor(): Host {
    const connection: Host = {
      kind: 'host',
      name: 'connection',
      get: (name, at) => {
        if (name === 'vendor') return textAt('postgresql', at)
        if (name === 'alias') return textAt('default', at)
        return name === 'cursor' ? functionOf('connection.cursor', () => this.#cursor()) : undefined
      },
    }
    return host('schema_editor', {
      execute: this.#execute('schema_editor.execute'),
      alter_db_table: this.#alterDbTable(),
      connection,
      quote_name: functionOf('schema_editor.quote_name', ({ args: [name], at }) =>
        name?.kind === 'text'
          ? { kind: 'text', pieces: [...textAt('"', at).pieces, ...name.pieces, ...textAt('"', at).pieces] }
          : answer(at),
      ),
    })
  }

  /** `alter_db_table(model, old, new)`: BaseDatabaseSchemaEditor. Without a change of the name nothing is sent. */
  #alterDbTable(): Host {
    return builds(this.#run, 'schema_editor.alter_db_table', ({ args, named, argsAt, at, nameAt }) => {
      const before = textIn(args[1] ?? named?.get('old_db_table'), argsAt[1] ?? at, 'the table')
      const after = textIn(args[2] ?? named?.get('new_db_table'), argsAt[2] ?? at, 'the new name')
      if (plain(before) === plain(after)) return []
      return [sqlAt(nameAt)`ALTER TABLE ${quoted(before, '"')} RENAME TO ${quoted(after, '"')}`]
    })
  }

  #cursor(): Host {
    const members = new Map<string, Value>([
      ['execute', this.#execute('cursor.execute')],
      ['close', silent('cursor.close')],
      ...['fetchone', 'fetchall', 'fetchmany'].map((name): [string, Value] => [
        name,
        functionOf(`cursor.${name}`, ({ at }) => answer(at)),
      ]),
    ])
    const cursor: Host = { kind: 'host', name: 'cursor', get: name => members.get(name) }
    return cursor
  }

  #execute(name: string): Host {
    return reads(this.#run, name, call => {
      const params = call.args[1] ?? call.named?.get('params')
      this.#run.send(withValues(textGiven(call), params, call.at), { at: call.at })
      return undefined
    })
  }
}

/** Members of managers and models with which SQL of any kind reaches the database. */
const takesSql = /^(?:raw|extra|_meta)$/
