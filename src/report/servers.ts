import type { Report } from '../lint/report.ts'
import { type Server, serverOrigin } from '../lint/server.ts'

/** The versions that were judged and who named them, for the head of a report: `PostgreSQL 15 (compose.yaml:3)`. */
export function serverFacts({ servers }: Pick<Report, 'servers'>): string[] {
  return [...new Set(servers.map(factOf))]
}

/** Those that a reader may not know: nobody has written them into the configuration or on the command line. */
export function foundServers({ servers }: Pick<Report, 'servers'>): string[] {
  return serverFacts({ servers: servers.filter(({ by }) => by === 'repository' || by === 'statistics') })
}

function factOf(server: Server): string {
  const origin = serverOrigin(server)
  const { versions, by } = server
  const named = by === 'nobody' ? `${versions[0]} to ${versions.at(-1)}` : versions.join(' and ')
  return `PostgreSQL ${named}${origin === null ? '' : ` (${origin})`}`
}

/** The same for programs. */
export function serverDocuments({ servers }: Pick<Report, 'servers'>) {
  return servers.map(({ versions, by, places }) => ({
    versions,
    by,
    places: places.map(({ version, path, line }) => ({ version, path, line })),
  }))
}
