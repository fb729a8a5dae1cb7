import { hasFile, join, parentOf, textOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import { elementsIn, textIn, type XmlElement, xml } from '../reading/xml.ts'
import { type Given, given, isSetting } from './given.ts'

/** The longest chain of parents. No pom.xml that a person wrote has a longer one. */
const mostParents = 8

interface Pom {
  readonly dir: string
  readonly root: XmlElement
}

/**
 * The settings that Maven gives Flyway in this directory: the configuration of flyway-maven-plugin and properties called `flyway.…`, of its
 * pom.xml and of the parents in the tree (AbstractFlywayMojo.execute). Each execution and each profile that has some of its own is an alternative
 * after the first. Empty if pom.xml does not configure Flyway.
 */
export function mavenSettings(tree: Tree, dir: string): Given[] {
  const [own, ...parents] = chainOf(tree, dir)
  if (!own) return []
  const poms = [...parents].reverse().concat(own)
  const properties = poms.flatMap(({ root }) => pairs(named(root, 'properties')))
  const plugins = poms.flatMap(({ root }) => pluginsIn(root))
  const profiles = poms.flatMap(({ root }) => named(root, 'profiles').flatMap(each => named(each, 'profile')))
  const settings = (words: readonly Pair[], configurations: readonly XmlElement[]) => {
    const all = [...properties, ...words]
    const known = new Map([...all, ...places(dir, parents[0]?.dir)])
    return given(
      [
        ...configurations.flatMap(configuration => settingsIn(configuration)),
        ...all.flatMap(([name, value]): Pair[] => (name.startsWith('flyway.') ? [[name.slice(7), value]] : [])),
      ].map(([name, value]) => [name, interpolated(value, known)] as const),
    )
  }
  const shared = plugins.flatMap(plugin => named(plugin, 'configuration'))
  const executions = plugins.flatMap(plugin =>
    named(plugin, 'executions').flatMap(each => named(each, 'execution').flatMap(own => named(own, 'configuration'))),
  )
  const alternatives = [
    settings([], shared),
    ...executions.map(execution => settings([], [...shared, execution])),
    ...profiles.map(profile =>
      settings(pairs(named(profile, 'properties')), [
        ...shared,
        ...pluginsIn(profile).flatMap(plugin => named(plugin, 'configuration')),
      ]),
    ),
  ]
  return different(alternatives)
}

type Pair = readonly [name: string, value: string]

/** The directory's pom.xml, and its parents as far as the tree has them. */
function chainOf(tree: Tree, dir: string): Pom[] {
  const chain: Pom[] = []
  for (let path = join(dir, 'pom.xml'); chain.length < mostParents && hasFile(tree, path); ) {
    const text = textOf(tree, path) ?? ''
    const root = xml(text)
    if (root?.name !== 'project') break
    const home = parentOf(path)
    chain.push({ dir: home, root })
    const [parent] = named(root, 'parent')
    if (!parent) break
    const [relative] = named(parent, 'relativePath')
    const said = relative ? textIn(relative).trim() : '../pom.xml'
    if (said === '' || (relative === undefined && home === '')) break
    const next = join(home, said)
    const found = /\.xml$/.test(next) ? next : join(next, 'pom.xml')
    if (found === path) break
    path = found
  }
  // Without any word of Flyway, there is nothing to read.
  return chain.some(({ root }) => mentions(root)) ? chain : []
}

function mentions(root: XmlElement): boolean {
  const profiles = named(root, 'profiles').flatMap(each => named(each, 'profile'))
  return [root, ...profiles].some(
    each =>
      pluginsIn(each).length > 0 ||
      pairs(named(each, 'properties')).some(([name]) => name.startsWith('flyway.') && isSetting(name.slice(7))),
  )
}

/** The entries for the plugin in a project or a profile: those that `pluginManagement` prepares first. */
function pluginsIn(project: XmlElement): XmlElement[] {
  const builds = named(project, 'build')
  const lists = [...builds.flatMap(build => named(build, 'pluginManagement')), ...builds]
  return lists
    .flatMap(list => named(list, 'plugins').flatMap(each => named(each, 'plugin')))
    .filter(plugin => named(plugin, 'artifactId').some(each => textIn(each).trim() === 'flyway-maven-plugin'))
}

/** `<mixed>true</mixed>`, `<locations><location>…</location></locations>`, `<pluginConfiguration>…`. */
function settingsIn(configuration: XmlElement): Pair[] {
  return elementsIn(configuration).flatMap((element): Pair[] => {
    const inside = elementsIn(element)
    if (element.name === 'pluginConfiguration') return inside.map(each => [each.name, textIn(each).trim()])
    if (element.name === 'placeholders') return []
    if (inside.length === 0) return [[element.name, textIn(element).trim()]]
    return [[element.name, inside.map(each => textIn(each).trim()).join(',')]]
  })
}

function pairs(elements: readonly XmlElement[]): Pair[] {
  return elements.flatMap(element => elementsIn(element).map((each): Pair => [each.name, textIn(each).trim()]))
}

function named(element: XmlElement, name: string): XmlElement[] {
  return elementsIn(element).filter(each => each.name === name)
}

/** Folders are relative to that of the pom.xml. */
function places(dir: string, parent: string | undefined): Pair[] {
  const here = ['basedir', 'project.basedir', 'pom.basedir'].map((name): Pair => [name, '.'])
  if (parent === undefined) return here
  const up = dir.split('/').length - (parent === '' ? 0 : parent.split('/').length)
  return up > 0 && (parent === '' || dir.startsWith(`${parent}/`))
    ? [...here, ['project.parent.basedir', Array(up).fill('..').join('/')]]
    : here
}

/** No folder and no name is longer. */
const longest = 1000

/** The value with its `${…}` replaced; null if one of them is not known. */
function interpolated(value: string, known: ReadonlyMap<string, string>): string | null {
  let text = value
  // A property may name others, and in a circle none of them has a value.
  for (let round = 0; round < mostParents && text.includes('${') && text.length < 10 * longest; round++) {
    text = text.replace(/\$\{([^${}]+)\}/g, (written, name: string) => {
      const value = known.get(name.trim()) ?? written
      return value.length > longest ? written : value
    })
  }
  return text.includes('${') ? null : text
}

/** The first one, and all that differ from it. */
function different([first, ...others]: readonly Given[]): Given[] {
  if (!first) return []
  return [first, ...others.filter(other => said(other) !== said(first))]
}

function said({ values, unread }: Given): string {
  return JSON.stringify([[...values].sort(), unread])
}
