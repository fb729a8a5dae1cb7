import type { CaptureFlags, TraceFlags } from '../flags.ts'
import type { ClientServer, TraceServer } from './session.ts'

/** Starts the server that the flags name; by default PGlite, with these extensions. Rejects with a Failure if it cannot be had. */
export async function openServer(
  { server, databaseUrl, superuser = false, inUse = false, timeout = longest }: TraceFlags,
  extensions: readonly string[],
  tell: (line: string) => void,
): Promise<TraceServer> {
  if (databaseUrl !== undefined) {
    const { useServer } = await import('./own-server.ts')
    return useServer({ url: databaseUrl, inUse, seconds: timeout, tell })
  }
  return openClientServer({ ...(server !== undefined && { server }), superuser, timeout }, extensions)
}

/** The same for clients of their own. Which extensions they create is not known before; these are the ones that most projects use. */
export async function openClientServer(
  { server, superuser = false, timeout = longest }: Pick<CaptureFlags, 'server' | 'superuser' | 'timeout'>,
  extensions: readonly string[] = usual,
): Promise<ClientServer> {
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
