import manifest from '../../package.json' with { type: 'json' }

const url = 'https://github.com/migrate-lint/migrate-lint'

export const tool = { name: manifest.name, version: manifest.version, url }

/** The place for reports of mistakes in the tool. */
export const issuesUrl = `${url}/issues`

/**
 * The address of a rule's page. It stays the same for as long as the rule exists. A rule of a plugin has the one that it names itself, or
 * none: an empty text.
 */
export function ruleUrl(id: string, rules: readonly { readonly id: string; readonly url?: string }[]): string {
  return id.includes('/') ? (rules.find(rule => rule.id === id)?.url ?? '') : `${url}/blob/main/rules/${id}.md`
}
