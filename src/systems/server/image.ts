import { lookUp } from '../../parse/look-up.ts'

/** How the tags of an image say which version of PostgreSQL is in it. */
type TagShape =
  /** `16`, `16.1-alpine`, `15-3.4`, `17beta1` */
  | 'leading'
  /** `latest-pg14`, `pg17`, `PG16_latest`, `postgres_15` */
  | 'marked'
  /** `ubi8-15.3-0`: after the name of a system */
  | 'second'
  /** `3.1.6-alpine-16` */
  | 'trailing'

/**
 * Images of servers by the end of their name, without the registry, and the shape of their tags, as their pages on Docker Hub, Quay and GitHub
 * describe them. An image that is not here says nothing: its tags may count its own releases.
 */
const images: Readonly<Record<string, TagShape>> = {
  postgres: 'leading',
  'library/postgres': 'leading',
  'amd64/postgres': 'leading',
  'arm64v8/postgres': 'leading',
  'circleci/postgres': 'leading',
  'cimg/postgres': 'leading',
  'debezium/postgres': 'leading',
  'bitnami/postgresql': 'leading',
  'bitnami/postgresql-repmgr': 'leading',
  'bitnamilegacy/postgresql': 'leading',
  'bitnamilegacy/postgresql-repmgr': 'leading',
  'cloudnative-pg/postgresql': 'leading',
  'cloudnative-pg/postgis': 'leading',
  'postgis/postgis': 'leading',
  'imresamu/postgis': 'leading',
  'imresamu/postgis-arm64': 'leading',
  'kartoza/postgis': 'leading',
  'mdillon/postgis': 'leading',
  'baosystems/postgis': 'leading',
  'odidev/postgis': 'leading',
  'supabase/postgres': 'leading',
  'immich-app/postgres': 'leading',
  'dbsystel/postgresql-partman': 'leading',
  'timescale/timescaledb': 'marked',
  'timescale/timescaledb-ha': 'marked',
  'pgvector/pgvector': 'marked',
  'tensorchord/pgvecto-rs': 'marked',
  'tensorchord/vchord-postgres': 'marked',
  'tensorchord/vchord-suite': 'marked',
  'paradedb/paradedb': 'marked',
  'citusdata/citus': 'marked',
  'apache/age': 'marked',
  'crunchydata/crunchy-postgres': 'second',
  'crunchydata/crunchy-postgres-ha': 'second',
  'groonga/pgroonga': 'trailing',
}

const shapes: Record<TagShape, RegExp> = {
  leading: /^v?(\d{1,2})(?:\.(\d{1,2}))?(?![\d])/,
  marked: /(?:^|[-_.])(?:pg|postgres(?:ql)?)[-_]?(\d{1,2})(?:\.(\d{1,2}))?(?![\d])/i,
  second: /^[a-z]+\d*-(\d{1,2})(?:\.(\d{1,2}))?(?![\d])/,
  trailing: /-(\d{1,2})$/,
}

/** Images that have the version in their name: `sclorg/postgresql-15-c9s`, `acid/spilo-16`. */
const named =
  /(?:^|\/)(?:(?:sclorg|rhel\d+|ubi\d+|centos|fedora|centos7)\/postgresql|(?:acid|zalando)\/spilo)-(\d{2})(?![\d])/

/** A reference to an image is not longer; longer text is something else. */
const longest = 300

/**
 * The version of PostgreSQL in a container image, such as `16` or `14.2`: `registry/owner/name:tag@digest`. Null: it is not a known image of
 * a server, or its tag does not say (`latest`, a digest alone).
 */
export function imageVersion(reference: string): string | null {
  const text = reference.trim()
  if (text.length > longest || !/^[\w./:@-]+$/.test(text)) return null
  const [whole = ''] = text.split('@')
  const slash = whole.lastIndexOf('/')
  const colon = whole.indexOf(':', slash + 1)
  const name = colon < 0 ? whole : whole.slice(0, colon)
  const inName = named.exec(name)?.[1]
  if (inName !== undefined) return inName
  if (colon < 0) return null
  const shape = shapeOf(name.toLowerCase())
  return shape === undefined ? null : versionIn(shapes[shape], whole.slice(colon + 1))
}

/** By the last two parts of the name, or by the only one after a registry. */
function shapeOf(name: string): TagShape | undefined {
  const parts = name.split('/')
  // A registry has a dot or a port: `docker.io`, `localhost:5000`.
  const isRegistry = /[.:]/.test(parts[0] ?? '') || parts[0] === 'localhost'
  const rest = isRegistry ? parts.slice(1) : parts
  return lookUp(images, rest.slice(-2).join('/'))
}

function versionIn(shape: RegExp, tag: string): string | null {
  const [, major, minor] = shape.exec(tag) ?? []
  return major === undefined ? null : plausible(major, minor)
}

/** `16`, `16.1`, `9.6`: as people write a version of PostgreSQL. Null: no version of it is like this. */
export function writtenVersion(text: string): string | null {
  const [, major, minor] = /^(\d{1,2})(?:\.(\d{1,3}))?(?:\.\d+)*(?![\w.])/.exec(text.trim()) ?? []
  return major === undefined ? null : plausible(major, minor)
}

/** PostgreSQL's first version was 6; a number above 40 counts something else. */
function plausible(major: string, minor: string | undefined): string | null {
  const number = Number(major)
  if (number < 6 || number > 40) return null
  return minor === undefined ? String(number) : `${number}.${Number(minor)}`
}
