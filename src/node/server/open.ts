import type { TraceFlags } from '../flags.ts'
import type { TraceServer } from './session.ts'

/** Starts the server that the flags name; by default PGlite, with these extensions. Rejects with a Failure if it cannot be had. */
export async function openServer(
  { server, databaseUrl, superuser = false, inUse = false }: TraceFlags,
  extensions: readonly string[],
  tell: (line: string) => void,
): Promise<TraceServer> {
  if (databaseUrl !== undefined) {
    const { useServer } = await import('./own-server.ts')
    return useServer({ url: databaseUrl, inUse, tell })
  }
  if (server !== undefined && server !== false) {
    const { startLocal } = await import('./local-server.ts')
    return startLocal({ folder: server === true ? null : server, superuser })
  }
  const { startPglite } = await import('./pglite.ts')
  return startPglite(extensions)
}
