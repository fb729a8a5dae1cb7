import { baseName, join, textOf, upwards } from '../files.ts'
import { sha384, utf8 } from '../hash.ts'
import { toml } from '../toml.ts'
import type { Tree } from '../tree.ts'
import { sipHash13, textIn } from './checksum.ts'
import { applied, isTrue } from './listed.ts'
import { qualified } from './setting.ts'
import type { Tracking } from './tracking.ts'

/** sqlx-core: migrate/migration.rs, migrator.rs, source.rs; sqlx-postgres: migrate.rs. */
export const sqlx: Tracking = {
  table: { schema: null, name: '_sqlx_migrations' },
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
    const ignored = new Set((Array.isArray(said) ? said : []).map(character => escapes[character] ?? character))
    const counted = (text: string) => [...text].filter(character => !ignored.has(character)).join('')
    return ({ checksum }, content) => {
      const text = textIn(content)
      return checksum === null || text === null ? null : checksum === `\\x${sha384(utf8(counted(text)))}`
    }
  },
  failed: 'sqlx stops, as it is partially applied, until its row in the table is put right by hand',
}

/** Characters as TOML writes them, in the words of sqlx's documentation. */
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

/** refinery_core: runner.rs (Migration::unapplied), util.rs (parse_migration_name), traits/mod.rs. */
export const refinery: Tracking = {
  table: { schema: null, name: 'refinery_schema_history' },
  columns: ['version', 'name', 'applied_on', 'checksum'],
  order: ['version'],
  records: rows => rows.map(row => applied(row.version ?? '', row.applied_on ?? null, row.checksum)),
  comparedBy: 'a SipHash of its name, version and text',
  matching:
    () =>
    ({ checksum }, content, { path, id, migration }) => {
      const text = textIn(content)
      if (checksum === null || migration.opaque !== undefined || text === null) return null
      const name = /__([\p{L}\p{M}\p{N}_]+)/u.exec(baseName(path))?.[1] ?? ''
      // Versions are 32 bits wide, or 64 with the feature int8-versions.
      return [4, 8].some(width => checksum === String(sipHash13(hashed(name, BigInt(id), width, text))))
    },
  // A U is for what is applied out of order.
  isLate: (_, recorded) => item =>
    baseName(item.path).startsWith('V') && recorded.some(({ id }) => BigInt(id) >= BigInt(item.id)),
}

/** What Rust's `Hash` hands over: strings end in 0xff, integers are little-endian. */
function hashed(name: string, version: bigint, width: number, text: string): Uint8Array {
  const number = Array.from({ length: width }, (_, i) => Number((version >> BigInt(8 * i)) & 0xffn))
  return new Uint8Array([...utf8(name), 0xff, ...number, ...utf8(text), 0xff])
}
