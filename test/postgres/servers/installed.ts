import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Version } from '../../../src/postgres/version.ts'

/** From before the security releases of August 2024, without `restrict_nonsystem_relation_kind`. */
export const EARLY = '12.18'

/** A server for which a package exists. */
export type ServerVersion = Version | typeof EARLY

const here = dirname(fileURLToPath(import.meta.url))

/** The folder with `bin`, `lib` and `share` of one server. Throws when it is not installed. */
export function nativeFolder(version: ServerVersion): string {
  const folder = join(here, 'node_modules', `postgres-${version}`, 'native')
  if (!existsSync(folder)) {
    throw new Error(`PostgreSQL ${version} is not installed: run "npm ci --ignore-scripts" in ${here}`)
  }
  linkLibraries(folder)
  return folder
}

/** Whether the server of this major version is installed (the packages exist for linux-x64 only). */
export function isInstalled(major: Version): boolean {
  return existsSync(join(here, 'node_modules', `postgres-${major}`, 'native', 'bin'))
}

// npm packages cannot hold symlinks, so the package lists them in a file and makes them in its install script. We do not
// run install scripts, so we make the links here.
function linkLibraries(folder: string): void {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const at = join(folder, '..', target)
    if (existsSync(at)) continue
    mkdirSync(dirname(at), { recursive: true })
    try {
      symlinkSync(relative(dirname(target), source), at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
