import { configSchema, pluginRule } from '../../src/lint/config/config-schema.ts'
import { toJsonSchema } from '../../src/lint/config/schema.ts'
import type { Rule } from '../../src/lint/rule.ts'

/** schema/config.json, with which editors complete and check a configuration. */
export function configFile(rules: readonly Rule[]): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of migrate-lint',
    ...toJsonSchema(configSchema({ rules, unseen: pluginRule })),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
