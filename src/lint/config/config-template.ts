import { configSchema, type Vocabulary } from './config-schema.ts'

/** What is known about a project before it has a configuration. */
export interface Found {
  /** The folders with its migrations. */
  readonly paths: readonly string[]
  /** The newest migration of each project. `isSet`: `init` activates `startAfter`, so that they are not reported on. */
  readonly startAfter?: { readonly migrations: readonly string[]; readonly isSet: boolean }
}

/**
 * The file that `init` writes: every key with its default and its description, commented out, except `paths` and, if it
 * is set, `startAfter`. A `startAfter` that is commented out shows the newest migration instead of its default, which
 * would do nothing when uncommented.
 */
export function configTemplate(vocabulary: Vocabulary, { paths, startAfter }: Found): string {
  const { properties } = configSchema(vocabulary)
  const known = new Map<string, unknown>([['paths', paths]])
  const { migrations = [], isSet = false } = startAfter ?? {}
  if (migrations.length > 0) known.set('startAfter', migrations.length === 1 ? migrations[0] : migrations)
  const active = new Set(isSet ? ['paths', 'startAfter'] : ['paths'])
  const lines: string[] = ['{', '  "$schema": "./node_modules/migrate-lint/schema/config.json",']
  for (const [key, { description, default: value }] of Object.entries(properties)) {
    if (key === '$schema') continue
    const written = `${JSON.stringify(key)}: ${JSON.stringify(known.has(key) ? known.get(key) : value)},`
    lines.push('', `  // ${description}`, active.has(key) ? `  ${written}` : `  // ${written}`)
  }
  return `${[...lines, '}'].join('\n')}\n`
}
