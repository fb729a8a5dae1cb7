import {
  maintainedVersions,
  newestVersion,
  oldestVersion,
  supportedVersions,
  upcomingVersion,
} from '../postgres/version.ts'

/** A place that names the version of the server. */
export interface ServerPlace {
  /** As people write it: `16`, `14.2`. */
  readonly version: string
  readonly path: string
  /** From 1; null: the line is not known. */
  readonly line: number | null
}

/** Who says which version the server has: the first of these that does. */
export const serverSources = ['flag', 'configuration', 'statistics', 'repository', 'nobody'] as const
export type ServerSource = (typeof serverSources)[number]

/** The servers that the migrations are judged for. */
export interface Server {
  /** The versions, as people write them, each judged by itself, the oldest first. There is at least one. */
  readonly versions: readonly string[]
  readonly by: ServerSource
  /** The files that say so, and those that say something else. */
  readonly places: readonly ServerPlace[]
}

/** If nobody names a version: all that the PostgreSQL project maintains. */
export const unnamedServer: Server = { versions: maintainedVersions.map(String), by: 'nobody', places: [] }

/** The oldest of them, for what is asked about one version only. */
export const assumedVersion = String(maintainedVersions[0])

/** The server of a configuration. */
export function serverIn({ server = unnamedServer }: { readonly server?: Server }): Server {
  return server
}

/** `14, 17` → `14` and `17`: each once, the oldest first. */
export function versionsIn(written: string | number | readonly (string | number)[]): readonly string[] {
  const all = [written].flat().flatMap(each => String(each).split(','))
  return sortedVersions(all.map(each => each.trim()))
}

/** Each once, the oldest first. */
function sortedVersions(versions: readonly string[]): readonly string[] {
  return [...new Set(versions)].sort(compareVersions)
}

/** A version without a minor one is the newest of them, because only old ones need to be named. */
function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = Number.MAX_SAFE_INTEGER] = a.split('.').map(Number)
  const [majorB = 0, minorB = Number.MAX_SAFE_INTEGER] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}

/** `14.2` → 14; of a version that the model does not know, the nearest that it knows. */
export function majorOf(version: string): number {
  return Math.min(Math.max(Number.parseInt(version, 10), oldestVersion), newestVersion)
}

/**
 * For how many of these versions, the oldest first, a judgement for the first one holds: up to the next boundary. A minor version is judged by
 * itself, because some bugs are only in these.
 */
export function countAlike(versions: readonly string[], boundaries: ReadonlySet<number>): number {
  const [first = ''] = versions
  const differs = (version: string) =>
    isMinor(first) ||
    isMinor(version) ||
    isBeyondParser(first) !== isBeyondParser(version) ||
    [...boundaries].some(boundary => majorOf(first) < boundary && boundary <= majorOf(version))
  const next = versions.findIndex((version, i) => i > 0 && differs(version))
  return next < 0 ? versions.length : next
}

function isMinor(version: string): boolean {
  return version.includes('.')
}

/** Whether the server may know statements that the parser does not. */
export function isBeyondParser(version: string): boolean {
  return Number.parseInt(version, 10) > newestVersion
}

/**
 * Other major versions that the server may have, the likeliest first: a statement that runs on one of them does not certainly fail. None if
 * somebody named the version.
 */
export function otherVersionsOf({ by, places }: Server, judged: string): readonly number[] {
  const version = majorOf(judged)
  const possible =
    by === 'nobody' ? supportedVersions : by === 'repository' ? places.map(place => majorOf(place.version)) : []
  const others = [...new Set<number>(possible)].filter(other => other !== version).sort((a, b) => a - b)
  return [...others.filter(other => other > version), ...others.filter(other => other < version).reverse()]
}

/** The server that files of the repository name: of several versions the oldest counts. */
export function serverOf(places: readonly ServerPlace[], by: ServerSource = 'repository'): Server {
  const [oldest] = sortedVersions(places.map(({ version }) => version))
  return oldest === undefined ? unnamedServer : { versions: [oldest], by, places }
}

/** What people should know about the versions, a sentence each. */
export function serverNotices({ versions, places, by }: Server): string[] {
  const [judged = assumedVersion] = versions
  const majors = new Set(places.map(({ version }) => Number.parseInt(version, 10)))
  return [
    ...(majors.size > 1
      ? [
          `The files name several versions of PostgreSQL: ${list(places)}. The oldest counts; "pgVersion" in the configuration settles it.`,
        ]
      : []),
    ...(Number.parseInt(judged, 10) < oldestVersion
      ? [`${nameOf(judged, by, places)} is judged as PostgreSQL ${oldestVersion}, the oldest that is known here.`]
      : []),
    ...versions.flatMap(version => {
      if (!isBeyondParser(version)) return []
      const name = nameOf(version, by, places)
      const newer = Number.parseInt(version, 10) > upcomingVersion ? '' : ' Statements that only it knows are not read.'
      return [`${name} is judged as PostgreSQL ${newestVersion}, the newest that is known here.${newer}`]
    }),
  ]
}

function nameOf(version: string, by: ServerSource, places: readonly ServerPlace[]): string {
  const place = by === 'repository' ? places.find(each => each.version === version) : undefined
  return `PostgreSQL ${version}${place ? ` (${placeName(place)})` : ''}`
}

/** The server with other names for its files. */
export function withNames(server: Server, name: (path: string) => string): Server {
  return { ...server, places: server.places.map(place => ({ ...place, path: name(place.path) })) }
}

const placesShown = 4

/** One place for each version, the oldest first. */
function list(places: readonly ServerPlace[]): string {
  const shown = sortedVersions(places.map(({ version }) => version)).flatMap(version => {
    const place = places.find(each => each.version === version)
    return place ? [`${version} (${placeName(place)})`] : []
  })
  const rest = shown.length - placesShown
  return [...shown.slice(0, placesShown), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

/** `compose.yaml:5` */
function placeName({ path, line }: ServerPlace): string {
  return line === null ? path : `${path}:${line}`
}

/** Who says it, for people: `compose.yaml:5`; null: the people themselves have said it. */
export function serverOrigin({ versions, by, places }: Server): string | null {
  if (by === 'nobody') return 'no version is named'
  const place = places.find(({ version }) => version === versions[0])
  return place ? placeName(place) : null
}
