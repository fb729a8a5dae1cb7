import { shellWord } from '../../code/spelling/shell.ts'
import type { Remark } from '../../migration/remark.ts'
import { codeMigrations } from '../reading/code-migrations.ts'
import { allInOneTransaction, inTransaction } from '../reading/execution.ts'
import { join, namesIn, textOf, upwards } from '../reading/files.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareUnits, thenByPath } from '../reading/version.ts'
import { attributeOf, elementsIn, textIn, withAllIn, xml } from '../reading/xml.ts'
import type { System } from '../system.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** Entity Framework Core of .NET. */
export const efCore: System = {
  id: 'ef-core',
  title: 'EF Core',

  facts: {
    order: 'migration id',
    down: 'Down in the class',
    transaction: 'one per migration; EF Core 9: one for all',
    optOut: 'suppressTransaction: true',
    history: { checksum: null },
    code: {
      files: '**/Migrations/*.cs',
      read: 'all of `MigrationBuilder` as Npgsql sends it, from EF Core 6 to 10: tables, columns and their identity, constraints, indexes with their annotations, sequences, schemas, rows; `Sql`, and `suppressTransaction`; files of SQL that `File` or a resource of the assembly loads',
      inPart: '`InsertData`, `UpdateData` and `DeleteData`: not all types of values; functions of the class',
      unread: 'extension methods of the project and of other packages, files whose path is computed',
    },
  },

  detect(tree, dir) {
    const names = namesIn(tree, dir)
    const sign =
      names.find(name => name.endsWith('ModelSnapshot.cs')) ??
      names.find(name => /^\d{14}_.+\.Designer\.cs$/.test(name))
    if (sign === undefined) return null
    return { directory: dir, sign: 'file', because: join(dir, sign), ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory)
    const files = names
      .filter(name => /^\d{14}_.+\.cs$/.test(name) && !name.endsWith('.Designer.cs'))
      .map(name => ({ path: join(directory, name), id: idOf(tree, directory, name) }))
      .sort(compareIds)
    const major = majorOf(tree, directory)
    const together = major === 9
    const list = codeMigrations(
      tree,
      files,
      'EF Core',
      (_, path) => {
        const before = files[files.findIndex(file => file.path === path) - 1]
        return {
          execution: together ? allInOneTransaction : inTransaction,
          outside: 'In a migration of its own, with `migrationBuilder.Sql(…, suppressTransaction: true)`',
          ...(together && before ? { remarks: text => commitOfOthers(text, before.id) } : {}),
        }
      },
      reader,
    )
    return major > 0 || files.length === 0 ? list : { ...list, notices: [...list.notices, assumedVersion] }
  },
}

const assumedVersion =
  'The version of EF Core is not known, so each migration is read as running in a transaction of its own: EF Core 9 runs all of them in one. Name Microsoft.EntityFrameworkCore in a .csproj or in Directory.Packages.props.'

export const compareIds = thenByPath<{ readonly id: string; readonly path: string }>((a, b) => compareUnits(a.id, b.id))

/**
 * MigrationCommandExecutor commits the open transaction before a command that must run without one; EF Core 9 has only
 * one transaction.
 */
function commitOfOthers(text: string, before: string): Remark[] {
  const down = text.search(/\bvoid\s+Down\s*\(/)
  const [found] = text.slice(0, down < 0 ? text.length : down).matchAll(SUPPRESSED)
  const [, lead = '', optOut = ''] = found ?? []
  if (found === undefined) return []
  const start = found.index + lead.length
  return [
    {
      kind: 'opt-out-for-all',
      at: [start, start + optOut.length],
      does: 'it commits the earlier ones, although EF Core 9 runs all of them in one transaction',
      help: `If the others must take effect together or not at all, apply this one in a run of its own. \`dotnet ef database update ${shellWord(before)}\` stops before it.`,
    },
  ]
}

/** Comments do not count; the annotation is the one that IsCreatedConcurrently() leaves in a migration. */
const SUPPRESSED = /^((?:(?!\/\/).)*?)(\bsuppressTransaction\s*:\s*true\b|"Npgsql:CreatedConcurrently",\s*true\b)/gm

/**
 * The major version of EF Core, which its providers share: from the packages of the nearest project, or from the
 * central list of versions; otherwise the version that wrote the model.
 */
function majorOf(tree: Tree, directory: string): number {
  for (const above of upwards(directory)) {
    for (const name of namesIn(tree, above).filter(each => /\.csproj$|^Directory\.Packages\.props$/.test(each))) {
      const major = majorIn(textOf(tree, join(above, name)) ?? '')
      if (major !== null) return major
    }
  }
  return Number(/"ProductVersion",\s*"(\d+)\./.exec(snapshot(tree, directory))?.[1] ?? 0)
}

const PACKAGE = /^(?:Npgsql|Microsoft)\.EntityFrameworkCore(?:\.\w+)*$/

/** The major version of its packages in a file of MSBuild; null if there is none. */
function majorIn(text: string): number | null {
  const root = text.includes('EntityFrameworkCore') ? xml(text) : null
  for (const element of root === null ? [] : withAllIn(root)) {
    if (element.name !== 'PackageReference' && element.name !== 'PackageVersion') continue
    const name = attributeOf(element, 'Include') ?? attributeOf(element, 'Update') ?? ''
    const inside = elementsIn(element).find(child => child.name === 'Version')
    const version = attributeOf(element, 'Version') ?? (inside ? textIn(inside) : '')
    const major = PACKAGE.test(name) ? /^\s*[[(]?(\d{1,9})\./.exec(version)?.[1] : undefined
    if (major !== undefined) return Number(major)
  }
  return null
}

/** The value of the attribute [Migration("…")], which is in the designer file. */
function idOf(tree: Tree, directory: string, name: string): string {
  const stem = name.replace(/\.cs$/, '')
  const text = `${textOf(tree, join(directory, `${stem}.Designer.cs`)) ?? ''}${textOf(tree, join(directory, name)) ?? ''}`
  return /\[Migration\("([^"]+)"\)\]/.exec(text)?.[1] ?? stem
}

/** The model after the last migration, which names EF Core's version and the provider of the database. */
function snapshot(tree: Tree, directory: string): string {
  const name = namesIn(tree, directory).find(each => /ModelSnapshot\.cs$|\.Designer\.cs$/.test(each))
  const own = namesIn(tree, directory).find(each => each.endsWith('ModelSnapshot.cs')) ?? name
  return own === undefined ? '' : (textOf(tree, join(directory, own)) ?? '')
}

const providers: readonly (readonly [RegExp, string])[] = [
  [/\bNpgsql/, 'postgresql'],
  [/\bSqlServer/, 'sqlserver'],
  [/\bMySQL|\bMySql|\bPomelo/, 'mysql'],
  [/\bSqlite/, 'sqlite'],
  [/\bOracle/, 'oracle'],
]

/** What the provider itself writes about the model. Annotations of columns and indexes may be those of a model that several databases share. */
const ofModel: readonly RegExp[] = [/\b(\w+)ModelBuilderExtensions\s*\./, /"(\w+):ValueGenerationStrategy"/]

/** Each database has its own longest name, which is in the model. */
const longestName: ReadonlyMap<string, string> = new Map([
  ['63', 'postgresql'],
  ['64', 'mysql'],
  ['128', 'sqlserver'],
])

function dialect(tree: Tree, directory: string): { dialect?: string } {
  const text = snapshot(tree, directory)
  const length = /"Relational:MaxIdentifierLength",\s*(\d+)/.exec(text)?.[1] ?? ''
  const said = ofModel.flatMap(sign => sign.exec(text)?.[0] ?? [])[0] ?? text
  const [, found] = providers.find(([sign]) => sign.test(said)) ?? []
  // SQLite has no longest name, and its types have upper case.
  const isSqlite = said === text && length === '' && /\bHasColumnType\("TEXT"\)/.test(text)
  const database = said === text ? (longestName.get(length) ?? (isSqlite ? 'sqlite' : found)) : found
  return database === undefined || database === 'postgresql' ? {} : { dialect: database }
}

const reader = readerToLoad(callsModule, ({ efCoreCalls }) => efCoreCalls)
