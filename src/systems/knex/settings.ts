import type { NamesSetting } from '../../code/names.ts'
import { snakeCase } from '../../code/spelling/snake-case.ts'
import { type Setup, setupsOf } from '../reading/setups.ts'
import type { Tree } from '../reading/tree.ts'
import type { TypeContext } from './column-type.ts'

/** Settings of a project that change the SQL of its migrations. */
export interface Settings {
  readonly names?: NamesSetting
  /** The precision of times without their own. */
  readonly dateTimePrecision?: TypeContext['dateTimePrecision']
}

/** `wrapIdentifier` and `defaultDateTimePrecision` of the configuration, which may be in any program near the migrations. */
export function settingsOf(tree: Tree, directory: string): Settings {
  const setups = setupsOf(tree, directory, 'knex')
  const withNames = setups.find(({ settings }) => changing.some(name => settings.uses(name)))
  const values = setups.flatMap(({ settings }) => settings.values('defaultDateTimePrecision'))
  const [digits] = values
  return {
    ...(withNames && { names: namesIn(withNames) }),
    ...(digits && {
      dateTimePrecision: digits.kind === 'known' && typeof digits.value === 'number' ? digits.value : 'unknown',
    }),
  }
}

const mappers = ['knexSnakeCaseMappers', 'knexIdentifierMappers']
const changing = ['wrapIdentifier', ...mappers]

function namesIn({ path, settings }: Setup): NamesSetting {
  const calls = settings.calls('knexSnakeCaseMappers')
  const isPlain =
    calls.length > 0 &&
    calls.every(({ args }) => args.length === 0) &&
    !settings.uses('knexIdentifierMappers') &&
    !settings.uses('wrapIdentifier')
  // Objection's own separator: the part before it stays.
  const changed = (name: string) => {
    const start = name.lastIndexOf(':') + 1
    return name.slice(0, start) + snakeCase(name.slice(start))
  }
  return isPlain ? { changed } : { why: `\`wrapIdentifier\` in ${path} changes names` }
}
