import { configSchema, type Vocabulary } from './config-schema.ts'

/** What is known of a project before it has a configuration. */
export interface Found {
  /** Where its migrations are. */
  readonly paths: readonly string[]
  /** The newest migration of each project, and whether nothing is to be reported on them. */
  readonly startAfter?: { readonly migrations: readonly string[]; readonly isSet: boolean }
}

/**
 * The file that `init` writes: every key with its default and what it is for, commented out; but `paths`, and `startAfter` where
 * it is set. Uncommented, the latter says the newest migration rather than its default, which would do nothing.
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
