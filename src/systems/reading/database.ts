import { databaseNamed } from '../../parse/database-name.ts'
import { baseName, join, parentOf, textOf, upwards } from './files.ts'
import type { Tree } from './tree.ts'

/** The database in a URL, by its scheme (without `jdbc:`); the rest of it may be secret and is not read. */
export function databaseOfUrl(url: string): string | undefined {
  const scheme = /^\s*["']?(?:jdbc:)?(?:p6spy:|tc:)?([a-z][a-z0-9+-]*):/i.exec(url)?.[1]
  return scheme === undefined ? undefined : databaseNamed(scheme)
}

const environmentFiles = ['.env', '.env.local', '.env.development', '.env.example', '.env.sample', '.env.template']

/** The value of a variable in the environment files of this directory or above it; the nearest file wins. */
export function environment(tree: Tree, dir: string, name: string): string | undefined {
  for (const above of upwards(dir)) {
    const names = new Set(tree.list(above).map(entry => entry.name))
    for (const file of environmentFiles.filter(candidate => names.has(candidate))) {
      const value = variableIn(textOf(tree, join(above, file)) ?? '', name)
      if (value) return value
    }
  }
  return undefined
}

/** `export NAME = "value"` → the value. */
function variableIn(text: string, name: string): string | undefined {
  for (const line of text.split(/\r\n|\r|\n/)) {
    const at = line.indexOf('=')
    if (
      at < 0 ||
      line
        .slice(0, at)
        .trim()
        .replace(/^export\s+/, '') !== name
    )
      continue
    return /^["']?([^"']*)/.exec(line.slice(at + 1).trim())?.[1]?.trim()
  }
  return undefined
}

/**
 * The database, other than PostgreSQL, that these variables (a URL or a driver's name) name in environment files of the
 * folder or above it; DATABASE_URL is read last. Nothing when they name PostgreSQL or nothing, or when the folder or
 * its parent is named after PostgreSQL.
 */
export function dialectFromEnvironment(tree: Tree, dir: string, ...names: readonly string[]): { dialect?: string } {
  if ([baseName(dir), baseName(parentOf(dir))].some(name => databaseNamed(name) === 'postgresql')) return {}
  for (const name of [...names, 'DATABASE_URL']) {
    const value = environment(tree, dir, name)
    const database = value === undefined ? undefined : (databaseNamed(value) ?? databaseOfUrl(value))
    if (database !== undefined) return database === 'postgresql' ? {} : { dialect: database }
  }
  return {}
}
