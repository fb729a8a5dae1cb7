import { decode } from '../../parse/source.ts'
import { nearest } from '../reading/code-migrations.ts'
import { md5, utf8 } from '../reading/hash.ts'
import { lines } from '../reading/lines.ts'
import { properties } from '../reading/properties.ts'
import { place } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Item, Recorded, Tracking } from '../tracking/tracking.ts'
import { type Changeset, changesets } from './sql.ts'

/**
 * liquibase: AbstractFormattedChangeLogParser, AbstractSQLChange.generateCheckSum, ChangeSet.generateCheckSum and CheckSum. A
 * change set is known by author, id and the path of its file, as the changelog names it.
 */
export const liquibase: Tracking = {
  table: tableNames.liquibase[0],
  columns: ['id', 'author', 'filename', 'dateexecuted', 'orderexecuted', 'md5sum', 'exectype'],
  order: ['orderexecuted'],
  configured: (tree, directory) => {
    const text = nearest(tree, directory, ['liquibase.properties'])?.text ?? ''
    return place(
      settingIn(text, /^(?:liquibase\.)?database-?change-?log-?table-?name$/),
      settingIn(text, /^(?:liquibase\.)?(?:command\.)?(?:liquibase|default)-?schema-?name$/),
    )
  },
  records: rows =>
    rows.map(({ id, author, filename, dateexecuted, md5sum }) => {
      const path = (filename ?? '').replace(/^classpath\*?:/, '').replace(/^(\.?\/)+/, '')
      const tails = tailsOf(path)
      return {
        // The change sets of a changelog in another language cannot be distinguished here: its path stands for all of
        // them.
        keys: [...tails.map(tail => `${author}:${id} ${tail}`), ...tails],
        id: `${author}:${id} in ${filename}`,
        at: dateexecuted ?? null,
        state: 'applied',
        checksum: md5sum ?? null,
      }
    }),
  keys: () => item => {
    const changeset = changesetOf(item)
    if (!changeset) return tailsOf(item.path)
    const path = logicalPath(item, changeset) ?? item.path
    return tailsOf(path).map(tail => `${item.id.replaceAll('"', '')} ${tail}`)
  },
  comparedBy: 'the MD5 of each change set',
  matching: () => compared,
  notices: (_, { items }) => {
    const opaque = new Set(items.flatMap(item => (isSql(item) ? [] : [item.path])))
    return [...opaque].map(
      path => `${path} contains change sets that are not read here: it counts as applied once one of them is.`,
    )
  },
}

function settingIn(text: string, name: RegExp): string | undefined {
  return [...properties(text)].find(([key]) => name.test(key))?.[1]
}

function compared({ checksum }: Recorded, content: Uint8Array, item: Item): boolean | null {
  // Version 8 of the checksum, of Liquibase up to 4.21, splits statements.
  if (!checksum?.startsWith('9:') || !isSql(item)) return null
  const text = textOf(content, item.path)
  const changeset = changesetOf({ ...item, migration: { ...item.migration, content } })
  if (item.unit && !changeset) return false
  // A file without the header is one change set.
  const body = changeset ? text.slice(changeset.line.end, changeset.end) : text
  // Properties may be filled in from elsewhere.
  if (body.includes('${')) return null
  const valid = [...body.matchAll(/^--\s*validCheckSum:? (.*)$/gim)].map(([, sum = '']) => sum.trim())
  if (valid.some(sum => sum === checksum || /(?:^|:)any$/i.test(sum))) return true
  const sql = changeset ? sqlOf(text, changeset) : text
  const inner = `9:${md5(utf8(sql.replace(/[ \n\r\t]/g, '')))}`
  return checksum === `9:${md5(utf8(`${inner}:`))}`
}

function isSql({ path }: Item): boolean {
  return /\.sql$/i.test(path)
}

/** `db/log/a.sql` → itself, `log/a.sql`, `a.sql`: paths may be seen from different folders. */
function tailsOf(path: string): string[] {
  const parts = path.split('/').slice(-DEEPEST)
  return parts.map((_, i) => parts.slice(i).join('/'))
}

/** The path in a table may be anything, and the total length of its tails grows with its square. */
const DEEPEST = 50

function textOf(content: Uint8Array, path: string): string {
  return decode(path, content).source.text
}

function changesetOf({ unit, migration, path }: Item): Changeset | undefined {
  if (!unit) return undefined
  return changesets(textOf(migration.content, path)).find(({ id }) => id === unit.id)
}

function logicalPath({ migration, path }: Item, { line }: Changeset): string | undefined {
  const [head = ''] = textOf(migration.content, path).split('\n', 1)
  return [line.text, head].map(text => /\blogicalFilePath:(\S+)/i.exec(text)?.[1]).find(found => found !== undefined)
}

/**
 * Lines of a change set that do not belong to its SQL, by the parser's patterns: matched against the whole line,
 * ignoring case.
 */
const NO_SQL =
  /^(?:\s*--\s*rollback .*|\s*--\s*preconditions.*|\s*--\s*precondition-[a-z0-9-]+(?: .*)?|--\s*comment:? .*|--\s*validCheckSum:? .*|--\s*ignoreLines:\w+)$/i

/** `--property name:x value:y`: two colons with white space between them. */
function isProperty(line: string): boolean {
  const start = /^\s*--\s*property\s/i.exec(line)?.[0].length
  const colon = start === undefined ? -1 : line.indexOf(':', start)
  const space = colon < 0 ? -1 : line.slice(colon).search(/\s/)
  return space > 0 && line.indexOf(':', colon + space) > 0
}

function sqlOf(text: string, { line, end, ignored }: Changeset): string {
  let inRollback = false
  const kept = lines(text).filter(each => {
    if (each.start <= line.start || each.start >= end) return false
    if (ignored.some(([from, to]) => from <= each.start && each.start < to)) return false
    if (inRollback || /^\s*\/\*\s*liquibase\s*rollback\s*$/i.test(each.text)) {
      inRollback = !/\*\/\s*$/.test(each.text)
      return false
    }
    return !NO_SQL.test(each.text) && !isProperty(each.text)
  })
  return kept.map(each => each.text).join('\n')
}
