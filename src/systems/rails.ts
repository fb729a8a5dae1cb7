import { allOf, codeMigrations, dialectAmong, marked, nearest } from './code.ts'
import { autocommit, inTransaction } from './execution.ts'
import { baseName } from './files.ts'
import type { System } from './system.ts'
import { filesBelow, type Tree } from './tree.ts'
import { compareIntegers, sharedVersions } from './version.ts'

/** Active Record of Ruby on Rails. */
export const rails: System = {
  id: 'rails',
  title: 'Rails',

  facts: {
    order: 'version number',
    down: 'change or down in the class',
    transaction: 'one per migration',
    optOut: 'disable_ddl_transaction!',
    history: { table: 'schema_migrations', checksum: null },
  },

  detect(tree, dir) {
    const file = marked(tree, dir, NAME, /\bActiveRecord::Migration\b/)
    return file === null
      ? null
      : { directory: dir, sign: 'marker', because: `ActiveRecord::Migration in ${file}`, ...dialect(tree, dir) }
  },

  migrations(tree, directory) {
    const files = filesBelow(tree, directory)
      .sort()
      .flatMap(path => {
        const version = NAME.exec(baseName(path))?.[1]
        return version === undefined ? [] : [{ path, version: BigInt(version), id: String(BigInt(version)) }]
      })
    files.sort((a, b) => compareIntegers(a.version, b.version))
    const { migrations, notices } = codeMigrations(tree, files, 'Rails', text => ({
      execution: /^\s*disable_ddl_transaction!/m.test(text) ? autocommit : inTransaction,
      outside: 'In a migration of its own with `disable_ddl_transaction!` in its class:',
    }))
    const shared = sharedVersions(files).map(
      ([id, paths]) => `Rails refuses ${paths.join(' and ')}: both have the version ${id}.`,
    )
    return { migrations, notices: [...notices, ...shared] }
  },
}

/** ActiveRecord::Migration::MigrationFilenameRegexp */
const NAME = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/

function dialect(tree: Tree, dir: string): { dialect?: string } {
  const names = [
    'config/database.yml',
    'config/database.yml.example',
    'config/database.example.yml',
    'config/database.yml.sample',
  ]
  const config = nearest(tree, dir, names)
  return dialectAmong(allOf(config?.text ?? '', /^\s*adapter:\s*["']?(\w+)/gm))
}
