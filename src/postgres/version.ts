/**
 * The major versions of PostgreSQL that the model knows, oldest first and without a gap. Each is compared with a server of that
 * version. Everything that names the oldest or newest one (the configuration's schema, messages, tests) takes it from here.
 */
export const supportedVersions = [12, 13, 14, 15, 16, 17, 18] as const

/** A major version that the model knows. */
export type Version = (typeof supportedVersions)[number]

/** The oldest version that the PostgreSQL project still maintains. Where nobody names one, the migrations are judged from this one on. */
const oldestMaintained = 15 satisfies Version

/** The versions that the PostgreSQL project maintains, as far as the model knows them. */
export const maintainedVersions: readonly Version[] = supportedVersions.filter(version => version >= oldestMaintained)

/** The first and the last major version that have something; left out: all before, all after. */
export interface Lifetime {
  readonly since?: number
  readonly until?: number
}

export const oldestVersion: Version = supportedVersions[0]
export const newestVersion: Version = supportedVersions.at(-1) ?? oldestVersion

/**
 * The version that is out, but for which npm has no parser yet. It may be named, and is judged as the newest one that the model knows.
 * `npm run new-parser` says when there is one.
 */
export const upcomingVersion = newestVersion + 1
