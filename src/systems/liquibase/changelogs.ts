import { hasFile, join, textOf, upwards } from '../reading/files.ts'
import { properties } from '../reading/properties.ts'
import type { Tree } from '../reading/tree.ts'
import { changelogOf, type Part } from './change.ts'
import { resolve } from './changelog.ts'
import { contextsLeftOut, isForPostgres } from './document.ts'
import type { Changelog } from './given.ts'
import { setting, settingsFile } from './settings.ts'

interface Said {
  readonly changelog: (path: string) => Changelog
  /** The notice about change sets that are not read because of their contexts; none if there are none. */
  readonly notices: readonly string[]
}

/** Facts for each changelog of a project: every changelog sees the properties of all. */
export function saidBy(tree: Tree, directory: string, changelogs: ReadonlySet<string>): Said {
  const given = new Map<string, string>()
  const add = (name: string, value: string) => {
    // The first property of a name counts.
    if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), value)
  }
  const roots: (readonly [path: string, root: Part])[] = []
  for (const path of changelogs) {
    const root = /\.sql$/i.test(path) ? null : changelogOf(path, textOf(tree, path) ?? '')
    if (root) roots.push([path, root])
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
  const said = (changelog: string): Changelog => ({
    properties: given,
    schema,
    file: (path, relative) => {
      const found = resolve(tree, changelog, { path, relative })
      const text = found === null ? null : textOf(tree, found)
      return found === null || text === null ? null : { path: found, text }
    },
  })
  return { changelog: said, notices: noticeOf(roots, said) }
}

/** A context is only a name, so it is not certain that PostgreSQL never runs with it. */
function noticeOf(roots: readonly (readonly [string, Part])[], said: Said['changelog']): string[] {
  const left = roots.flatMap(([path, root]) => contextsLeftOut(root, said(path)).map(context => ({ path, context })))
  const [first] = left
  if (!first) return []
  const contexts = [...new Set(left.map(({ context }) => context))].slice(0, 5).join(', ')
  const place = `(${first.path}${left.length === 1 ? '' : ' …'})`
  return [
    left.length === 1
      ? `1 change set was left out, because its context names only another database (${contexts}) ${place}. It is not checked if a run on PostgreSQL takes that context.`
      : `${left.length} change sets were left out, because their contexts name only other databases (${contexts}) ${place}. They are not checked if a run on PostgreSQL takes such a context.`,
  ]
}
