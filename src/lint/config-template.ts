import { configSchema, type Vocabulary } from './config-schema.ts'

/** The file that `init` writes: every key with its default and what it is for; all but `paths` commented out. */
export function configTemplate(vocabulary: Vocabulary, paths: readonly string[]): string {
  const { properties } = configSchema(vocabulary)
  const lines: string[] = ['{', '  "$schema": "./node_modules/migrate-lint/schema/config.json",']
  for (const [key, { description, default: value }] of Object.entries(properties)) {
    if (key === '$schema') continue
    const written = `${JSON.stringify(key)}: ${JSON.stringify(key === 'paths' ? paths : value)},`
    lines.push('', `  // ${description}`, key === 'paths' ? `  ${written}` : `  // ${written}`)
  }
  return `${[...lines, '}'].join('\n')}\n`
}
