import manifest from '../../package.json' with { type: 'json' }

const url = 'https://github.com/migrate-lint/migrate-lint'

export const tool = { name: manifest.name, version: manifest.version, url }

/** The place for reports of mistakes in the tool. */
export const issuesUrl = `${url}/issues`

/** The address of a rule's page. It stays the same for as long as the rule exists. */
export function ruleUrl(id: string): string {
  return `${url}/blob/main/rules/${id}.md`
}
