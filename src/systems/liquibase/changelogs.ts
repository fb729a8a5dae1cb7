import { badBytes } from '../../code/path.ts'
import { encodingProblem, hasFile, join, textOf, upwards } from '../reading/files.ts'
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
    file: (path, relative, encoding) => {
      const found = resolve(tree, changelog, { path, relative })
      const text = found === null ? null : textOf(tree, found)
      if (found === null || text === null) return null
      const isOther = encoding !== null && !/^utf-?8$/i.test(encoding)
      const own = isOther ? decodedAs(encoding, tree.read(found)) : text
      return {
        text: own ?? '',
        problem:
          own === null
            ? `its encoding ${JSON.stringify(encoding)} is not known`
            : isOther
              ? null
              : badBytes(path, own, () => encodingProblem(tree, found)),
      }
    },
  })
}

/** Text in an encoding that a change names, as Java spells it (`ISO-8859-1`, `Cp1252`); null: it is unknown. */
function decodedAs(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding.replace(/^Cp(?=125\d$)/i, 'windows-')).decode(bytes)
  } catch {
    return null
  }
}
