import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporary } from '../../action/kit/checkouts.ts'
import { migrateLint, project, type Ran } from './program.ts'

/** How many migrations come before the one that is linted. Far fewer are read sooner than what is known about them. */
const count = 150

/** A history whose last migration is `last`. `first` may be another beginning. */
export function longHistory(last: string, first = 'CREATE TABLE orders (id bigint PRIMARY KEY, a text);'): string {
  const earlier = Array.from({ length: count - 1 }, (_, i) => [
    `migrations/${1001 + i}_more.sql`,
    `CREATE TABLE t${i} (id bigint PRIMARY KEY, a text);\nCREATE INDEX ON t${i} (a);\n`,
  ])
  return project(Object.fromEntries([['migrations/1000_first.sql', first], ...earlier, [linted, last]]))
}

export const linted = 'migrations/2000_last.sql'

export interface CachedRun extends Ran {
  /** The migrations that were read, of those that took longest. */
  readonly slowest: number
}

/** Lints the last migration with the user's folder for cached files at `around`. */
export async function lintLast(cwd: string, around: string, ...flags: string[]): Promise<CachedRun> {
  const env = { XDG_CACHE_HOME: around, LOCALAPPDATA: around }
  const ran = await migrateLint([linted, '--timing', ...flags], { cwd, env })
  const [message, files = ''] = ran.stderr.split('Slowest files\n')
  const [told = ''] = (message ?? '').split('Time\n')
  const stdout = ran.stdout.replace(/, [\d.]+ m?s\)/, ')')
  return { ...ran, stdout, stderr: told, slowest: files.split('\n').filter(line => line.includes(' ms ')).length }
}

/** The folder and the files of the cache, without what Node keeps there. */
export function cacheIn(around: string): { readonly folder: string; readonly files: string[] } {
  const folder = join(around, 'migrate-lint')
  const names = readdirSync(folder).filter(name => name !== 'compiled')
  return { folder, files: names.map(name => join(folder, name)) }
}

export { temporary }
