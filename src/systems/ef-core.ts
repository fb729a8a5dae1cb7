import { codeMigrations } from './code.ts'
import { allInOneTransaction, inTransaction } from './execution.ts'
import { join, namesIn, textOf } from './files.ts'
import type { System } from './system.ts'
import type { Tree } from './tree.ts'
import { compareUnits } from './version.ts'

/** Entity Framework Core of .NET. */
export const efCore: System = {
  id: 'ef-core',
  title: 'EF Core',

  facts: {
    order: 'migration id',
    down: 'Down in the class',
    transaction: 'one per migration; EF Core 9: one for all',
    optOut: 'suppressTransaction: true',
    history: { table: '__EFMigrationsHistory', checksum: null },
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
      .sort((a, b) => compareUnits(a.id, b.id))
    const major = Number(/"ProductVersion",\s*"(\d+)\./.exec(snapshot(tree, directory))?.[1] ?? 0)
    return codeMigrations(tree, files, 'EF Core', () => ({
      execution: major === 9 ? allInOneTransaction : inTransaction,
      outside: 'In a migration of its own, with `migrationBuilder.Sql(…, suppressTransaction: true)`:',
    }))
  },
}

/** What the attribute [Migration("…")] says, which stands in the designer file. */
function idOf(tree: Tree, directory: string, name: string): string {
  const stem = name.replace(/\.cs$/, '')
  const text = `${textOf(tree, join(directory, `${stem}.Designer.cs`)) ?? ''}${textOf(tree, join(directory, name)) ?? ''}`
  return /\[Migration\("([^"]+)"\)\]/.exec(text)?.[1] ?? stem
}

/** The model as it is after the last migration, which names EF Core's version and the provider of the database. */
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

function dialect(tree: Tree, directory: string): { dialect?: string } {
  const text = snapshot(tree, directory)
  const [, database] = providers.find(([sign]) => sign.test(text)) ?? []
  return database === undefined || database === 'postgresql' ? {} : { dialect: database }
}
