import manifest from '../../package.json' with { type: 'json' }

const url = 'https://github.com/migrate-lint/migrate-lint'

export const tool = { name: manifest.name, version: manifest.version, url }

/** Where mistakes of the tool are reported. */
export const issuesUrl = `${url}/issues`

/** Where a rule's page can be read. It stays the same for as long as the rule exists. */
export function ruleUrl(id: string): string {
  return `${url}/blob/main/rules/${id}.md`
}
