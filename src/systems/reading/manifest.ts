import { strictJsonValue } from '../../parse/json.ts'
import { lookUp } from '../../parse/look-up.ts'
import { stringsIn } from './comment.ts'
import { hasFile, join, textOf, upwards } from './files.ts'
import { lately } from './lately.ts'
import { toml } from './toml.ts'
import type { Tree } from './tree.ts'
import { elementsIn, textIn, withAllIn, xml } from './xml.ts'

/** A manifest of the project that names a tool among its dependencies. */
export interface Dependency {
  /** The folder of the manifest. */
  readonly directory: string
  /** Path of the manifest. */
  readonly path: string
  readonly text: string
}

type Manifest = 'package.json' | 'Cargo.toml' | 'go.mod' | 'pom.xml' | 'build.gradle' | 'build.gradle.kts'

const depends: Record<Manifest, (text: string, name: string) => boolean> = {
  'package.json': (text, name) => {
    const manifest = json(text)
    const lists = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
    return lists.some(list => Object.hasOwn(record(lookUp(manifest, list)) ?? {}, name))
  },
  // `[dependencies]`, `[dependencies.sqlx]`, `[workspace.dependencies]`, `[target.'cfg(unix)'.dev-dependencies]`
  'Cargo.toml': (text, name) => {
    const keys = [...(toml(text)?.keys() ?? [])]
    return keys.some(key => crateOf(key) === name)
  },
  'go.mod': (text, name) =>
    text.split(/\r?\n/).some(line =>
      line
        .replace(/^\s*require\s+/, '')
        .trim()
        .startsWith(name),
    ),
  'pom.xml': isInPom,
  'build.gradle': isInGradle,
  'build.gradle.kts': isInGradle,
}

/** `<dependency>` and `<plugin>`, wherever they stand; `flyway` is the word in `org.flywaydb:flyway-core`, too. */
function isInPom(text: string, name: string): boolean {
  const root = text.includes(name) ? xml(text) : null
  if (root === null) return false
  return withAllIn(root)
    .filter(element => element.name === 'dependency' || element.name === 'plugin')
    .some(element => elementsIn(element).some(each => coordinates.has(each.name) && textIn(each).includes(name)))
}

const coordinates = new Set(['groupId', 'artifactId'])

/** A plugin's or a dependency's name is a string. */
function isInGradle(text: string, name: string): boolean {
  return text.includes(name) && stringsIn(text, 'build.gradle').some(each => each.includes(name))
}

/** `target.cfg(unix).dev-dependencies.sqlx.version` → `sqlx`; undefined for a key that is not a dependency. */
function crateOf(key: string): string | undefined {
  const words = key.split('.')
  const at = words.findIndex(word => /^(?:dev-|build-)?dependencies$/.test(word))
  return at < 0 ? undefined : words[at + 1]
}

/** The features of a crate that a Cargo.toml asks for, anywhere in it. */
export function featuresIn(manifest: string, crate: string): string[] {
  return [...(toml(manifest) ?? [])].flatMap(([key, value]) =>
    crateOf(key) === crate && key.endsWith('.features') && typeof value === 'object' ? value : [],
  )
}

/** The manifest in this directory that depends on the package; null if there is none. */
export function dependencyIn(tree: Tree, dir: string, manifest: Manifest, name: string): Dependency | null {
  const path = join(dir, manifest)
  const text = hasFile(tree, path) ? textOf(tree, path) : null
  return text !== null && depends[manifest](text, name) ? { directory: dir, path, text } : null
}

/** The nearest one, in this directory or above it. */
export function dependencyAbove(tree: Tree, dir: string, manifest: Manifest, name: string): Dependency | null {
  for (const above of upwards(dir)) {
    const found = dependencyIn(tree, above, manifest, name)
    if (found) return found
  }
  return null
}

/** The object of a JSON text; empty if it is not one. Every folder and every system asks for the same manifests. */
export const json: (text: string) => Readonly<Record<string, unknown>> = lately(
  text => record(strictJsonValue(text)) ?? {},
)

/** The value as an object, or null if it is not one. */
export function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null
}
