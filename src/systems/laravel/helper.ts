import { answerOf, functionOf, host, silent } from '../../code/host.ts'
import { plain, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** Calls that ask the application itself. */
const application: Host = host(
  'the application',
  Object.fromEntries(
    'environment isLocal isProduction runningUnitTests runningInConsole version hasDebugModeEnabled getLocale configPath databasePath'
      .split(' ')
      .map(name => [name, answerOf(name, 'it depends on where it runs')]),
  ),
)

/** A class whose functions only return something. */
export function quietClass(name: string): Host {
  return {
    kind: 'host',
    name,
    get: member =>
      /^(?:now|today|uuid|orderedUuid|ulid|random)$/.test(member)
        ? scalar(`${name}::${member}`)
        : answerOf(`${name}::${member}`, `\`${name}::${member}\` is not evaluated`),
    call: ({ at }) => unknown(`\`${name}\` is not evaluated`, at),
  }
}

/** A function that returns a time or a text, whatever it is. */
function scalar(name: string): Host {
  return functionOf(name, ({ at }) => ({ ...unknown(`\`${name}\` is not evaluated`, at), isScalar: true }))
}

/** Settings that migrations of packages ask for, and that nothing but the tests of the package makes: spatie/laravel-permission. */
const onlyInTests: ReadonlySet<string> = new Set(['permission.testing'])

/** Functions and classes that give settings, which are in files of the project. */
export function settingHelpers(settingOf: (key: string, at: Span) => Value | null): [string, Value][] {
  /** Settings of the database name PostgreSQL, because migrations are read for it. */
  const setting = ({ args: [name], at }: Call): Value => {
    const key = name?.kind === 'text' && unknownIn(name) === null ? plain(name) : ''
    if (/^(?:database\.default|DB_CONNECTION|database\.connections\.pgsql\.driver)$/.test(key))
      return textAt('pgsql', at)
    if (onlyInTests.has(key)) return known(null, at)
    const found = key === '' ? null : settingOf(key, at)
    return found ?? unknown(`the setting \`${key}\` is not known`, at)
  }
  const environment = ({ args: [name], at }: Call): Value => {
    const key = name?.kind === 'text' && unknownIn(name) === null ? plain(name) : ''
    return key === 'DB_CONNECTION' ? textAt('pgsql', at) : unknown(`the setting \`${key}\` is not known`, at)
  }
  const config = host('config()', { get: functionOf('get', setting), set: silent('set') })
  /** Objects of the container are code of the application, except Laravel's own services. */
  const made = ({ args: [name], at }: Call): Value => {
    if (name === undefined) return application
    const key = name.kind === 'text' && unknownIn(name) === null ? plain(name) : ''
    if (key === 'config') return config
    if (/^(?:log|events|files|hash|encrypter|translator)$|^Psr\\Log\\/.test(key)) return quietClass(key)
    return { ...unknown('it is code of the application', at, true), mayReach: true }
  }
  return [
    ['config', functionOf('config', call => (call.args.length === 0 ? config : setting(call)))],
    ['env', functionOf('env', environment)],
    ['app', functionOf('app', made)],
    ['resolve', functionOf('resolve', made)],
    ['Config', host('Config', { get: functionOf('Config::get', setting), set: silent('Config::set') })],
  ]
}

/** Functions and classes of Laravel that reach no database, by their names. */
export const helpers: ReadonlyMap<string, Value> = new Map(
  Object.entries<Value>({
    tap: functionOf('tap', ({ args: [value], at }) => value ?? nothing(at)),
    value: functionOf('value', ({ args: [value], at }) =>
      value && value.kind !== 'callable' ? value : unknown('it is computed', at),
    ),
    ...Object.fromEntries(
      'trans __ e str class_basename config_path public_path data_get filled blank old bcrypt encrypt decrypt fake head url route asset'
        .split(' ')
        .map(name => [name, answerOf(name, `\`${name}\` is not evaluated`)]),
    ),
    now: scalar('now'),
    today: scalar('today'),
    ...Object.fromEntries(
      'info logger report dump throw_if throw_unless abort_if'.split(' ').map(name => [name, silent(name)]),
    ),
    ...Object.fromEntries(
      'Str Arr Log Hash Crypt Storage Carbon Date Http Number Uuid Ulid Collection Lang URL'
        .split(' ')
        .map(name => [name, quietClass(name)]),
    ),
    App: application,
  }),
)
