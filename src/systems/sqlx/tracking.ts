import { lookUp } from '../../parse/look-up.ts'
import { join, textOf, upwards } from '../reading/files.ts'
import { sha384, utf8 } from '../reading/hash.ts'
import { toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'
import { textIn } from '../tracking/checksum.ts'
import { applied, isTrue } from '../tracking/listed.ts'
import { qualified } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/** sqlx-core: migrate/migration.rs, migrator.rs, source.rs; sqlx-postgres: migrate.rs. */
export const sqlx: Tracking = {
  table: tableNames.sqlx[0],
  columns: ['version', 'description', 'installed_on', 'success', 'checksum'],
  order: ['version'],
  configured: (tree, directory) => {
    const name = sqlxSetting(tree, directory, 'table-name')
    return typeof name === 'string' ? qualified(name) : {}
  },
  records: rows =>
    rows.map(row => ({
      ...applied(row.version ?? '', row.installed_on ?? null, row.checksum),
      ...(!isTrue(row, 'success') && { state: 'failed' }),
    })),
  comparedBy: 'its SHA-384',
  matching: ({ tree, project }) => {
    const said = sqlxSetting(tree, project.directory, 'ignored-chars')
    const ignored = new Set((Array.isArray(said) ? said : []).map(character => lookUp(escapes, character) ?? character))
    const counted = (text: string) => [...text].filter(character => !ignored.has(character)).join('')
    return ({ checksum }, content) => {
      const text = textIn(content)
      return checksum === null || text === null ? null : checksum === `\\x${sha384(utf8(counted(text)))}`
    }
  },
  failed: 'sqlx stops because it is partially applied, until somebody corrects its row in the table by hand',
}

/** Characters in TOML's notation, as sqlx's documentation describes it. */
const escapes: Readonly<Record<string, string>> = {
  '\\t': '\t',
  '\\r': '\r',
  '\\n': '\n',
  '\\uFEFF': '\ufeff',
  '\\u00A0': '\u00a0',
}

function sqlxSetting(tree: Tree, directory: string, key: string): unknown {
  const texts = upwards(directory).map(dir => textOf(tree, join(dir, 'sqlx.toml')))
  return toml(texts.find(text => text !== null) ?? '')?.get(`migrate.${key}`)
}
