import type { CaptureFlags } from '../flags.ts'
import type { ClientServer } from './session.ts'

/** What flags say about the server. */
type ServerFlags = Pick<CaptureFlags, 'server' | 'databaseUrl' | 'inUse' | 'superuser' | 'timeout'>

/**
 * Starts the server that the flags name; by default PGlite, with these extensions. Which of them the clients of a capture create is not known
 * before; by default it has those that most projects use. Rejects with a Failure if it cannot be had.
 */
export async function openServer(
  { server, databaseUrl, superuser = false, inUse = false, timeout = longest }: ServerFlags,
  use: 'trace' | 'capture',
  tell: (line: string) => void,
  extensions: readonly string[] = usual,
): Promise<ClientServer> {
  if (databaseUrl !== undefined) {
    const { useServer } = await import('./own-server.ts')
    return useServer({ url: databaseUrl, use, inUse, seconds: timeout, tell })
  }
  if (server !== undefined && server !== false) {
    const { startLocal } = await import('./local-server.ts')
    return startLocal({ folder: server === true ? null : server, superuser, seconds: timeout })
  }
  const { startPglite } = await import('./pglite.ts')
  return startPglite(extensions, timeout)
}

/** Seconds for one statement, as long as a whole command by default. */
const longest = 600

const usual = ['btree_gin', 'btree_gist', 'citext', 'hstore', 'ltree', 'pg_trgm', 'pgcrypto', 'unaccent', 'uuid-ossp']
