import manifest from '../../package.json' with { type: 'json' }

export const tool = { name: manifest.name, version: manifest.version }

/** Where a rule's page can be read. It stays the same for as long as the rule exists. */
export function ruleUrl(id: string): string {
  return `https://github.com/migrate-lint/migrate-lint/blob/main/rules/${id}.md`
}
