import { afterAll, beforeAll, beforeEach } from 'vitest'
import { empty } from '../../systems/kit/tracked.ts'
import { type DatabaseServer, startDatabase } from './database-server.ts'
import { migrateLint, type Ran } from './program.ts'

const section = (sql: string) => `-- migrate:up\n${sql}\n-- migrate:down\n`

/** A project of a tool that records versions only. */
export const dbmate = {
  'db/migrations/1_users.sql': section('CREATE TABLE users (id bigint);'),
  'db/migrations/2_orders.sql': section('CREATE TABLE orders (id bigint);'),
  'db/migrations/3_notes.sql': section('CREATE TABLE notes (id bigint);'),
}

/** A project of a tool that records checksums. */
export const numbered = {
  'package.json': '{"dependencies":{"postgres-migrations":"5"}}',
  'migrations/1-users.sql': 'SELECT 1;\n',
}

export interface Asked {
  readonly server: DatabaseServer
  /** Runs `migrate-lint status` in a directory. */
  status(cwd: string, ...args: readonly string[]): Promise<Ran>
  /** Records versions as dbmate does. */
  applied(...versions: readonly string[]): Promise<void>
}

/** A database for the tests of a file, empty before each. */
export function useDatabase(): Asked {
  const found: { server?: DatabaseServer } = {}
  const server = () => {
    if (!found.server) throw new Error('the database is there only while tests run')
    return found.server
  }
  beforeAll(async () => {
    found.server = await startDatabase()
  })
  beforeEach(() => empty(server().db))
  afterAll(() => server().stop())
  return {
    get server() {
      return server()
    },
    status: (cwd, ...args) => migrateLint(['status', ...args], { cwd, env: { DATABASE_URL: server().url } }),
    async applied(...versions) {
      const { db } = server()
      await db.exec('CREATE TABLE schema_migrations (version varchar PRIMARY KEY)')
      for (const version of versions) await db.query('INSERT INTO schema_migrations VALUES ($1)', [version])
    },
  }
}
