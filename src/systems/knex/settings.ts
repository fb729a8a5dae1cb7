import type { NamesSetting } from '../../code/names.ts'
import { snakeCase } from '../../code/spelling/snake-case.ts'
import { setupsOf } from '../reading/setups.ts'
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
  const withNames = setups.find(({ text }) => /\bwrapIdentifier\b|\bknex(?:SnakeCase|Identifier)Mappers\b/.test(text))
  const withPrecision = setups.find(({ text }) => /\bdefaultDateTimePrecision\b/.test(text))
  const names = withNames && namesIn(withNames.path, withNames.text)
  const digits = /\bdefaultDateTimePrecision\s*:\s*(\d)\s*[,}\n]/.exec(withPrecision?.text ?? '')?.[1]
  return {
    ...(names && { names }),
    ...(withPrecision && { dateTimePrecision: digits === undefined ? 'unknown' : Number(digits) }),
  }
}

function namesIn(path: string, text: string): NamesSetting {
  const mappers = [...text.matchAll(/\bknexSnakeCaseMappers\s*(\(\s*\)|\(|)/g)].map(([, call]) => call)
  const isPlain =
    mappers.some(call => call?.endsWith(')')) && !mappers.includes('(') && !/\bwrapIdentifier\b/.test(text)
  // Objection's own separator: the part before it stays.
  const changed = (name: string) => {
    const start = name.lastIndexOf(':') + 1
    return name.slice(0, start) + snakeCase(name.slice(start))
  }
  return isPlain ? { changed } : { why: `\`wrapIdentifier\` in ${path} changes names` }
}
