import { writtenIn } from '../../migration/written-in.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { golangName } from '../golang-migrate/name.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { baseName, hasFile, join, namesIn, parentOf, readMigrations, textOf, upwards } from '../reading/files.ts'
import { ignoredOptOuts, oneMessage } from '../reading/opt-out.ts'
import { contains, type Tree } from '../reading/tree.ts'
import { compareVersions, sharedVersions } from '../reading/version.ts'
import { valueAt, yaml } from '../reading/yaml.ts'
import type { System } from '../system.ts'

/** Hasura CLI (https://github.com/hasura/graphql-engine, cli/): a folder of migrations for each database. */
export const hasura: System = {
  id: 'hasura',
  title: 'Hasura',

  facts: {
    order: 'version number',
    down: 'down.sql',
    transaction: 'one per file, sent as one message',
    optOut: '-- hasura:no-transaction',
    history: { remark: 'state of the CLI', checksum: null },
  },

  detect(tree, dir) {
    const config = upwards(dir).find(above => {
      const path = join(above, 'config.yaml')
      return hasFile(tree, path) && isConfig(textOf(tree, path) ?? '')
    })
    const home = config === undefined ? null : migrationsOf(tree, config)
    if (config !== undefined && home !== null && (dir === config || contains(home, dir))) {
      const databases = [home, ...namesIn(tree, home, 'directory').map(name => join(home, name))]
      const directory = databases.find(folder => contains(dir, folder) && migrationIn(tree, folder) !== null)
      if (directory === undefined) return null
      return { directory, sign: 'file', because: join(config, 'config.yaml'), ...dialect(tree, config, directory) }
    }
    // Versions are milliseconds; other tools also use numbers for folders, but not with 13 digits.
    const because = folderIn(tree, dir, /^[0-9]{13}_/)
    if (because === null) return null
    return { directory: dir, sign: 'names', because, ...dialect(tree, parentOf(parentOf(dir)), dir) }
  },

  migrations(tree, directory) {
    const folders = namesIn(tree, directory, 'directory').flatMap(folder =>
      namesIn(tree, join(directory, folder)).map(name => ({
        name: `${folder}.${name}`,
        path: join(directory, `${folder}/${name}`),
      })),
    )
    const flat = namesIn(tree, directory).map(name => ({ name, path: join(directory, name) }))
    const files = [...folders, ...flat].flatMap(({ name, path }) => {
      // cli/migrate/source/parse.go
      const found = golangName(name)
      if (found === null || !/^(sql|yaml)$/.test(found.ending)) return []
      const { digits, version, direction, ending } = found
      return [{ path, version, id: digits, direction, format: ending }]
    })
    const downs = files.filter(({ direction }) => direction === 'down')
    const ups = files.filter(({ direction, path }) => direction === 'up' && (textOf(tree, path) ?? '?') !== '')
    const order = ups.sort(compareVersions)
    const { migrations, notices } = readMigrations(tree, order, ({ id, version, format }, _, text) => {
      const down = downs.find(each => each.version === version && each.format === format)
      return {
        id,
        execution: optsOut(text) ? message : messageInTransaction,
        runner,
        remarks: decoded =>
          optsOut(decoded)
            ? oneMessage(decoded, '-- hasura:no-transaction')
            : ignoredOptOuts(
                decoded,
                /--\s*hasura:no-transaction/,
                'in the first line of the file, with nothing else in it',
              ),
        ...(down ? { downPath: down.path } : {}),
        ...(format === 'yaml' ? writtenIn('YAML') : {}),
      }
    })
    for (const [id, paths] of sharedVersions(order.filter(({ format }) => format === 'sql'))) {
      notices.push(`Hasura refuses ${paths.join(' and ')}: both have the version ${id}.`)
    }
    return { migrations, notices }
  },
}

const runner = {
  name: 'Hasura',
  outsideTransaction: () =>
    'In a migration of its own with no other statement, whose first line is `-- hasura:no-transaction` (needs a CLI with `--per-migration-transaction`; with an older one, run it by hand and apply the migration with `--skip-execution`)',
  laterMigration: () => 'In a later migration',
}

function optsOut(text: string): boolean {
  return text.split('\n', 1)[0]?.trim() === '-- hasura:no-transaction'
}

function isConfig(text: string): boolean {
  const [config] = yaml(text)
  const version = valueAt(config, 'version')
  const isVersioned = typeof version === 'number' && [1, 2, 3].includes(version)
  return (
    valueAt(config, 'metadata_directory') !== undefined || (isVersioned && valueAt(config, 'endpoint') !== undefined)
  )
}

function migrationsOf(tree: Tree, dir: string): string {
  const [config] = yaml(textOf(tree, join(dir, 'config.yaml')) ?? '')
  const directory = valueAt(config, 'migrations_directory')
  return join(dir, typeof directory === 'string' ? directory : 'migrations')
}

/**
 * A file that applies a migration: in a folder of its version or, as before version 2 of the configuration, directly in
 * the folder.
 */
function migrationIn(tree: Tree, dir: string): string | null {
  const flat = namesIn(tree, dir).find(name => {
    const found = golangName(name)
    return found?.direction === 'up' && /^(sql|yaml)$/.test(found.ending)
  })
  return folderIn(tree, dir, /^[0-9]+_/) ?? (flat === undefined ? null : join(dir, flat))
}

function folderIn(tree: Tree, dir: string, version: RegExp): string | null {
  const folders = namesIn(tree, dir, 'directory').filter(name => version.test(name))
  const files = folders.flatMap(name => [join(dir, `${name}/up.sql`), join(dir, `${name}/up.yaml`)])
  return files.find(path => hasFile(tree, path)) ?? null
}

/** The metadata of the database after which the folder of migrations is named. */
function dialect(tree: Tree, config: string, directory: string): { dialect?: string } {
  const [databases] = yaml(textOf(tree, join(config, 'metadata/databases/databases.yaml')) ?? '')
  const sources: readonly unknown[] = Array.isArray(databases) ? databases : []
  const kind = valueAt(
    sources.find(each => valueAt(each, 'name') === baseName(directory)),
    'kind',
  )
  if (typeof kind !== 'string' || kind === 'citus' || databaseNamed(kind) === 'postgresql') return {}
  return { dialect: databaseNamed(kind) ?? kind }
}
