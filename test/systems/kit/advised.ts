import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { transformSync } from 'esbuild'
import { run, tools } from './tools.ts'

/** A tool that runs migrations in code, and how a migration of it is written. */
export interface CodeTool {
  /** The files of a project besides its migrations. */
  readonly files: Readonly<Record<string, string>>
  readonly path: (number: number) => string
  /** A migration with this code in it. `isOutside`: it says that it is in no transaction, if it can. `words`: the prose of the advice. */
  readonly migration: (code: string, number: number, isOutside: boolean, words: string) => string
  /** The file beside a migration at this path that says that it is in no transaction, where the migration cannot. */
  readonly outside?: (path: string) => readonly [path: string, text: string]
  /** Code that makes the tables, where SQL would not tell the tool of them. */
  readonly tables?: string
  /** Code that sends SQL as it is. */
  readonly sql: (text: string) => string
  /** The text between pieces of code; by default a line break. */
  readonly between?: string
  /** Its migrations are SQL, and so is its advice. */
  readonly isSql?: true
  /** A run decides whether its migrations are in a transaction, and nothing in the files shows that. */
  readonly isByRun?: true
  /** Applies those migrations of a project that are not applied; fails if the tool does. */
  readonly apply: (project: Project, isOutside: boolean) => Promise<void>
  /** Ends what it has started. */
  readonly end?: () => void
}

export interface Project {
  readonly folder: string
  /** The migrations so far, by their paths, in order. */
  readonly paths: readonly string[]
  readonly texts: readonly string[]
  readonly url: string
}

/** Runs a program in a project, which it finds with its database in DATABASE_URL. Fails with what it printed. */
export async function program(name: string, args: readonly string[], { folder, url }: Project): Promise<void> {
  const { PATH = '', HOME = '', ERL_LIBS = '' } = process.env
  const env = { PATH, HOME, ERL_LIBS, DATABASE_URL: url }
  await promisify(execFile)(name, args, { cwd: folder, env, timeout: 60_000 })
}

const here = new URL('../tools/', import.meta.url)
const load = createRequire(new URL('package.json', here))
const esm = (path: string) => import(pathToFileURL(fileURLToPath(new URL(`node_modules/${path}`, here))).href)
const byName = (name: string) => import(pathToFileURL(load.resolve(name)).href)
const text = (sql: string) => `\`${sql.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``

/** What a file exports. Modules that it loads are given, or those of the tools. */
function exportsOf(source: string, given: Readonly<Record<string, unknown>> = {}): Record<string, never> {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', target: 'node20' })
  const module = { exports: {} }
  new Function('exports', 'module', 'require', code)(
    module.exports,
    module,
    (name: string) => given[name] ?? load(name),
  )
  return module.exports
}

const name = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')

export const codeTools: Readonly<Record<string, CodeTool>> = {
  knex: {
    files: {
      'package.json': '{"dependencies":{"knex":"3.3.0","pg":"8"}}',
      'knexfile.js': "module.exports = { client: 'pg' }",
    },
    path: number => `migrations/2024010100000${number}_a.js`,
    migration: (code, _, isOutside) =>
      `exports.up = async knex => {\n${code}\n}\nexports.down = () => {}\n${isOutside ? 'exports.config = { transaction: false }\n' : ''}`,
    sql: sql => `await knex.raw(${text(sql)})`,
    apply: async ({ paths, texts, url }) => {
      const knex = load('knex')({ client: 'pg', connection: url })
      try {
        const migrationSource = {
          getMigrations: async () => paths.map((_, i) => i),
          getMigrationName: (i: number) => name(paths[i] ?? ''),
          getMigration: async (i: number) => exportsOf(texts[i] ?? ''),
        }
        await knex.migrate.latest({ migrationSource })
      } finally {
        await knex.destroy()
      }
    },
  },
  'node-pg-migrate': {
    files: { 'package.json': '{"dependencies":{"node-pg-migrate":"9.0.0","pg":"8"}}' },
    path: number => `migrations/170418600000${number}_a.js`,
    migration: (code, _, isOutside) => `exports.up = pgm => {\n${isOutside ? 'pgm.noTransaction()\n' : ''}${code}\n}\n`,
    sql: sql => `pgm.sql(${text(sql)})`,
    apply: async ({ folder, url }) => {
      const { runner } = await byName('node-pg-migrate')
      const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
      const dir = join(folder, 'migrations')
      await runner({ databaseUrl: url, dir, direction: 'up', migrationsTable: 'pgmigrations', logger: silent })
    },
  },
  sequelize: {
    files: {
      'package.json': '{"dependencies":{"sequelize":"6.37.8","pg":"8"}}',
      'config/config.json': '{"development":{"dialect":"postgres"}}',
    },
    path: number => `migrations/2024010100000${number}-a.js`,
    migration: code => `module.exports = { async up(queryInterface, Sequelize) {\n${code}\n} }\n`,
    sql: sql => `await queryInterface.sequelize.query(${text(sql)})`,
    // Umzug calls the functions like this, each once: here the last one is new.
    apply: async ({ texts, url }) => {
      const library = load('sequelize')
      const sequelize = new library.Sequelize(url, { logging: false })
      try {
        const { up } = exportsOf(texts.at(-1) ?? '') as { up?: (...given: readonly unknown[]) => Promise<void> }
        await up?.(sequelize.getQueryInterface(), library.Sequelize)
      } finally {
        await sequelize.close()
      }
    },
  },
  typeorm: {
    files: {
      'package.json': '{"dependencies":{"typeorm":"1.1.1","pg":"8"}}',
      'data-source.ts':
        "export default new DataSource({ type: 'postgres', migrations: ['migrations/*.ts'], migrationsTransactionMode: 'each' })\n",
    },
    path: number => `migrations/170000000000${number}-A.ts`,
    migration: (code, number, isOutside) =>
      `export class A170000000000${number} implements MigrationInterface {\n${isOutside ? '  transaction = false\n' : ''}  async up(queryRunner: QueryRunner) {\n${code}\n  }\n  async down() {}\n}\n`,
    sql: sql => `await queryRunner.query(${text(sql)})`,
    apply: async ({ texts, url }) => {
      const { DataSource } = load('typeorm')
      const migrations = texts.flatMap(each => Object.values(exportsOf(each)))
      const source = new DataSource({ type: 'postgres', url, migrations, logging: false })
      await source.initialize()
      try {
        await source.runMigrations({ transaction: 'each' })
      } finally {
        await source.destroy()
      }
    },
  },
  'mikro-orm': {
    files: { 'package.json': '{"dependencies":{"@mikro-orm/core":"7.2.1","@mikro-orm/postgresql":"7.2.1"}}' },
    path: number => `migrations/Migration2024010100000${number}.ts`,
    migration: (code, number, isOutside) =>
      `import { Migration } from '@mikro-orm/migrations'\nexport class Migration2024010100000${number} extends Migration {\n${isOutside ? '  isTransactional() { return false }\n' : ''}  async up(): Promise<void> {\n${code}\n  }\n}\n`,
    sql: sql => `this.addSql(${text(sql)})`,
    apply: async ({ paths, texts, url }) => {
      const [migrations, { MikroORM }] = await Promise.all([
        byName('@mikro-orm/migrations'),
        byName('@mikro-orm/postgresql'),
      ])
      const migrationsList = texts.map((each, i) => ({
        name: name(paths[i] ?? ''),
        class: Object.values(exportsOf(each, { '@mikro-orm/migrations': migrations }))[0],
      }))
      const orm = await MikroORM.init({
        clientUrl: url,
        entities: [],
        discovery: { warnWhenNoEntities: false },
        extensions: [migrations.Migrator],
        migrations: { migrationsList, snapshot: false },
        logger: () => {},
      })
      try {
        await orm.migrator.up()
      } finally {
        await orm.close(true)
      }
    },
  },
  kysely: {
    files: { 'package.json': '{"dependencies":{"kysely":"0.28.19","pg":"8"}}' },
    isByRun: true,
    path: number => `migrations/2024010100000${number}_a.ts`,
    migration: code =>
      `import { sql, type Kysely } from 'kysely'\nexport async function up(db: Kysely<any>) {\n${code}\n}\n`,
    sql: sql => `await sql${text(sql)}.execute(db)`,
    apply: async ({ paths, texts, url }, isOutside) => {
      const kysely = await esm('kysely/dist/esm/index.js')
      const { Pool } = load('pg')
      const db = new kysely.Kysely({
        dialect: new kysely.PostgresDialect({ pool: new Pool({ connectionString: url }) }),
      })
      try {
        const all = Object.fromEntries(texts.map((each, i) => [name(paths[i] ?? ''), exportsOf(each, { kysely })]))
        const provider = { getMigrations: async () => all }
        // As `--no-transaction` of its command does.
        const migrator = new kysely.Migrator({ db, provider, disableTransactions: isOutside })
        const { error } = await migrator.migrateToLatest()
        if (error) throw error
      } finally {
        await db.destroy()
      }
    },
  },
  'db-migrate': {
    files: {
      'package.json': '{"dependencies":{"db-migrate":"0.11.14","db-migrate-pg":"1.5.2"}}',
      'database.json':
        '{"dev":{"driver":"pg","host":"127.0.0.1","port":{"ENV":"PGPORT"},"user":"postgres","password":"none","database":"shop"}}',
    },
    isByRun: true,
    path: number => `migrations/2024010100000${number}-a.js`,
    migration: code =>
      `exports.up = async db => {\n${code}\n}\nexports.down = async () => {}\nexports._meta = { version: 1 }\n`,
    sql: sql => `await db.runSql(${text(sql)})`,
    apply: async ({ folder, url }, isOutside) => {
      const tool = tools.find(({ system }) => system === 'db-migrate')
      if (!tool) throw new Error('db-migrate is not among the tools')
      const command = (to: URL) => [...tool.command(to), ...(isOutside ? ['--non-transactional'] : [])]
      const { code, output } = await run({ ...tool, command }, folder, url)
      if (code !== 0 || /ERROR/.test(output)) throw new Error(output)
    },
  },
}

/** An empty project of a tool in a folder of its own, in which the tool is found. */
export function projectOf({ files }: CodeTool): {
  folder: string
  write(path: string, text: string): void
  remove(): void
} {
  const folder = mkdtempSync(join(tmpdir(), 'advised-'))
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  symlinkSync(fileURLToPath(new URL('node_modules', here)), join(folder, 'node_modules'))
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
