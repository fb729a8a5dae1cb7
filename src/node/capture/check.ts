import { diffArrays } from 'diff'
import type { History, MigrationFile } from '../../lint/history/history.ts'
import { statementsOf } from '../../lint/places.ts'
import { unreadIn } from '../../lint/unread-in.ts'
import { isMigration } from '../../migration/migration.ts'
import type { TrackingTable } from '../../migration/tracking-table.ts'
import { append } from '../../parse/list.ts'
import { parse } from '../../parse/parse.ts'
import type { Statement } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import type { CaptureCheck, ComparedMigration } from '../../report/capture-check.ts'
import { type CapturedMigration, isBookkeeping, ownOf } from './migrations.ts'

/**
 * What a tool sent, beside what reading its files says, migration by migration in the order of each. What tools do besides (transactions, settings,
 * queries, their own tables) is left out on both sides. `display`: a path as people know it.
 */
export function checkOf(
  captured: readonly CapturedMigration[],
  histories: readonly History[],
  tables: readonly TrackingTable[],
  display: (path: string) => string,
): CaptureCheck {
  const own = ownOf(tables)
  const working = (all: readonly Statement[]) => all.filter(each => !isBookkeeping(each, own))
  const files = histories.flatMap(history => history.files.filter(({ input }) => isMigration(input)))
  const found = new Set<MigrationFile>()
  const migrations = captured.map(({ name, row, sql }): ComparedMigration => {
    const sent = working(parse({ path: '', text: sql }).statements)
    const file = name === null ? undefined : (fileRecorded(name, row, files) ?? fileNamed(name, files))
    if (!file) return { name, path: null, unread: 0, sentOnly: [], readOnly: [] }
    found.add(file)
    const unread = unreadIn(file).length
    return { name, path: display(file.path), unread, ...differenceOf(working(statementsOf(file)), sent) }
  })
  const others = files.filter(file => !found.has(file) && working(statementsOf(file)).length > 0)
  return { migrations, notSent: others.map(({ path }) => display(path)) }
}

/** The file whose id, as its system has it, is the name, or two of the values in the row: Django's is `app.name`. */
function fileRecorded(
  name: string,
  row: readonly string[],
  files: readonly MigrationFile[],
): MigrationFile | undefined {
  const pairs = new Set(row.length > 20 ? [] : row.flatMap(a => row.map(b => `${a}.${b}`)))
  const withId = (isId: (id: string) => boolean) => files.find(({ input: { id } }) => id !== undefined && isId(id))
  return withId(id => pairs.has(id)) ?? withId(id => id === name)
}

/** The file that has the name, or begins with it: as a file, or as the folder that it is in. */
function fileNamed(name: string, files: readonly MigrationFile[]): MigrationFile | undefined {
  const [last = ''] = name.split(/[\\/]/).slice(-1)
  const wanted = stem(last)
  const parts = (file: MigrationFile) => file.path.split('/').slice(-2)
  const isWhole = (part: string) => part === last || stem(part) === wanted
  const begins = (part: string) => part.startsWith(wanted) && !/^[a-z0-9]/i.test(part.slice(wanted.length))
  return files.find(file => parts(file).some(isWhole)) ?? files.find(file => wanted !== '' && parts(file).some(begins))
}

/** A name without its endings: `1_users.up.sql` and `1_users.js` are `1_users`. */
function stem(name: string): string {
  const ending = /\.[a-z]+$/i
  return name.replace(ending, '').replace(ending, '')
}

function differenceOf(
  read: readonly Statement[],
  sent: readonly Statement[],
): Pick<ComparedMigration, 'sentOnly' | 'readOnly'> {
  // Where a tool sends values beside the text, it is unknown which of them the file has.
  const hasParameters = sent.some(({ node }) => hasNode(node, 'ParamRef'))
  const key = (statement: Statement) => keyOf(statement, hasParameters)
  const parts = diffArrays(read.map(key), sent.map(key))
  const [sentOnly, readOnly]: [string[], string[]] = [[], []]
  let [atRead, atSent] = [0, 0]
  for (const { added, removed, value } of parts) {
    const { length } = value
    if (added)
      append(
        sentOnly,
        sent.slice(atSent, atSent + length).map(({ text }) => text.trim()),
      )
    if (removed)
      append(
        readOnly,
        read.slice(atRead, atRead + length).map(({ text }) => text.trim()),
      )
    if (!added) atRead += length
    if (!removed) atSent += length
  }
  return { sentOnly, readOnly }
}

/** The statement as PostgreSQL's parser has it: without its spaces, comments, and quotes that mean nothing. */
function keyOf({ kind, node }: Statement, dropsValues: boolean): string {
  const tree = JSON.stringify(node, (name, value) => {
    if (/^(?:location|stmt_len|stmt_location|rexpr_list_start|rexpr_list_end|list_start|list_end)$/.test(name))
      return undefined
    if (dropsValues && (name === 'A_Const' || name === 'ParamRef')) return {}
    return value
  })
  return `${kind} ${dropsValues ? tree.replaceAll('"ParamRef":{}', '"A_Const":{}') : tree}`
}

function hasNode(tree: object, kind: string): boolean {
  let found = false
  descend(tree, key => {
    found ||= key === kind
    return !found
  })
  return found
}
