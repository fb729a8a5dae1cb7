import { hasFile, join, textOf, upwards } from '../reading/files.ts'
import { properties } from '../reading/properties.ts'
import type { Tree } from '../reading/tree.ts'
import { changelogOf } from './change.ts'
import { resolve } from './changelog.ts'
import { isForPostgres } from './filter.ts'
import type { Changelog } from './given.ts'
import { type Included, plainly } from './included.ts'
import { setting, settingsFile } from './settings.ts'

/** Facts for each changelog of a project: every changelog sees the properties of all. */
export function saidBy(
  tree: Tree,
  directory: string,
  changelogs: ReadonlyMap<string, Included>,
): (changelog: string) => Changelog {
  const given = new Map<string, string>()
  const add = (name: string, value: string) => {
    // The first property of a name counts.
    if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), value)
  }
  for (const path of changelogs.keys()) {
    const root = /\.sql$/i.test(path) ? null : changelogOf(path, textOf(tree, path) ?? '')
    for (const { name, values } of root?.parts ?? []) {
      const value = (key: string) =>
        values
          .get(key)
          ?.pieces.map(({ text }) => text)
          .join('')
      if (name !== 'property' || !isForPostgres(value('dbms') ?? null)) continue
      const [own, said, file] = [value('name'), value('value'), value('file')]
      if (own !== undefined && said !== undefined) add(own, said)
      const found =
        file === undefined
          ? null
          : resolve(tree, path, { path: file, relative: value('relativeToChangelogFile') === 'true' })
      for (const [key, each] of found === null ? [] : properties(textOf(tree, found) ?? '')) add(key, each)
    }
  }
  const home = upwards(directory).find(above => hasFile(tree, join(above, settingsFile)))
  const asked = (name: string) => (home === undefined ? undefined : setting(tree, home, name))
  const schema =
    asked('defaultschemaname') ??
    asked('default-schema-name') ??
    /[?&]currentSchema=(\w+)/.exec(asked('url') ?? '')?.[1] ??
    'public'
  return changelog => ({
    included: changelogs.get(changelog) ?? plainly,
    properties: given,
    schema,
    file: (path, relative) => {
      const found = resolve(tree, changelog, { path, relative })
      const text = found === null ? null : textOf(tree, found)
      return found === null || text === null ? null : { path: found, text }
    },
  })
}
