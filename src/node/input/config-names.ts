/** The names that a configuration can have, in its folder. */
export const configNames = ['json', 'jsonc', 'js', 'mjs', 'ts'].map(ending => `migrate-lint.config.${ending}`)

/** The file of Node that may contain a configuration under a key of its own. */
export const manifest = 'package.json'
export const manifestKey = 'migrate-lint'

/** All files that may contain it. */
export const configFiles: readonly string[] = [...configNames, manifest]
