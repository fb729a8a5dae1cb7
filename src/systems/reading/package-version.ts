import { jsonValue } from '../../parse/json.ts'
import { lookUp } from '../../parse/look-up.ts'
import { hasFile, join, textOf, upwards } from './files.ts'
import { lately } from './lately.ts'
import { json, record } from './manifest.ts'
import type { Tree } from './tree.ts'
import { valueAt, yaml } from './yaml.ts'

/** Major, minor and patch number. */
export type Version = readonly [number, number, number]

/** The versions of a package that may be in use: from the first one on, up to but without the second. */
export interface VersionRange {
  readonly from: Version
  /** Null: there is no end. */
  readonly below: Version | null
}

/** Whether the version in use is at least this one; null when it is not known. */
export function isAtLeast(range: VersionRange | null, version: Version): boolean | null {
  if (range === null) return null
  if (compareReleases(range.from, version) >= 0) return true
  return range.below !== null && compareReleases(range.below, version) <= 0 ? false : null
}

/**
 * The versions of an npm package that may run here: from a lock file in this directory or above it, or else those that
 * the nearest package.json with the package allows. Null when neither can be read.
 */
export function packageVersion(tree: Tree, directory: string, name: string): VersionRange | null {
  let wanted: string | null = null
  for (const dir of upwards(directory)) {
    wanted ??= wantedIn(tree, dir, name)
    const locked = lockedIn(tree, dir, name, wanted)
    if (locked.length > 0) return span(locked)
  }
  return wanted === null ? null : rangeOf(inCatalog(tree, directory, name, wanted))
}

/** What `catalog:` and `catalog:<name>` stand for in pnpm, Yarn and Bun: the version is in a list that the packages of a repository share. */
function inCatalog(tree: Tree, directory: string, name: string, wanted: string): string {
  if (!wanted.startsWith('catalog:')) return wanted
  const own = wanted.slice('catalog:'.length)
  for (const dir of upwards(directory)) {
    const texts = ['pnpm-workspace.yaml', '.yarnrc.yml'].map(file => join(dir, file))
    const manifest = join(dir, 'package.json')
    const { workspaces, ...top } = hasFile(tree, manifest) ? json(textOf(tree, manifest) ?? '') : {}
    const settings = texts.flatMap(path => (hasFile(tree, path) ? yaml(textOf(tree, path) ?? '') : []))
    for (const each of [...settings, workspaces, top]) {
      const isDefault = own === '' || own === 'default'
      const found =
        (isDefault && valueAt(each, 'catalog', name)) || valueAt(each, 'catalogs', isDefault ? 'default' : own, name)
      if (typeof found === 'string') return found
    }
  }
  return wanted
}

function wantedIn(tree: Tree, dir: string, name: string): string | null {
  const path = join(dir, 'package.json')
  if (!hasFile(tree, path)) return null
  const manifest = json(textOf(tree, path) ?? '')
  const lists = ['devDependencies', 'dependencies', 'optionalDependencies', 'peerDependencies']
  const found = lists
    .map(list => lookUp(record(lookUp(manifest, list)) ?? {}, name))
    .find(each => typeof each === 'string')
  return typeof found === 'string' ? found : null
}

/** Every version of the package in the lock files of a directory. */
function lockedIn(tree: Tree, dir: string, name: string, wanted: string | null): Version[] {
  for (const [file, read] of lockFiles) {
    const path = join(dir, file)
    const text = hasFile(tree, path) ? textOf(tree, path) : null
    const found =
      text === null
        ? []
        : read(text, name, wanted)
            .map(exactly)
            .filter(each => each !== null)
    if (found.length > 0) return found
  }
  return []
}

type Reader = (text: string, name: string, wanted: string | null) => string[]

const lockFiles: readonly (readonly [string, Reader])[] = [
  ['package-lock.json', onceEach(ofNpm)],
  ['npm-shrinkwrap.json', onceEach(ofNpm)],
  ['pnpm-lock.yaml', onceEach(ofPnpm)],
  ['yarn.lock', onceEach(ofYarn)],
  ['bun.lock', onceEach(ofBun)],
]

/** Every project asks the lock file above it, and such a file may be of many megabytes. */
function onceEach(read: Reader): Reader {
  const answers = lately(() => new Map<string, string[]>())
  return (text, name, wanted) => {
    const known = answers(text)
    const asked = JSON.stringify([name, wanted])
    const found = known.get(asked) ?? read(text, name, wanted)
    known.set(asked, found)
    return found
  }
}

/** `packages` by path (lockfileVersion 2 and 3), `dependencies` by name (1). */
function ofNpm(text: string, name: string): string[] {
  const lock = json(text)
  const packages = record(lock.packages) ?? {}
  const found = Object.entries(packages).flatMap(([path, each]) =>
    path.endsWith(`node_modules/${name}`) ? strings(record(each)?.version) : [],
  )
  return found.length > 0 ? found : strings(record(lookUp(record(lock.dependencies) ?? {}, name))?.version)
}

/**
 * `importers` contain it by project, as `version: 7.10.1(typescript@5.9.3)`; older files have it at the top, some as
 * the value itself.
 */
function ofPnpm(text: string, name: string): string[] {
  // pnpm 11 keeps its own packages in a document before that of the project.
  const documents = yaml(text)
  const importers = documents.flatMap(document => Object.values(record(valueAt(document, 'importers')) ?? {}))
  return [...documents, ...importers].flatMap(importer =>
    ['devDependencies', 'dependencies', 'optionalDependencies'].flatMap(list => {
      const entry = valueAt(importer, list, name)
      return strings(typeof entry === 'string' ? entry : valueAt(entry, 'version'))
    }),
  )
}

/**
 * An entry begins with the requests that it answers: `prisma@^7.4.0, prisma@^7.0.0:` or `"prisma@npm:^7.4.0":`. The
 * answer to the wanted request counts, or all of the name.
 */
function ofYarn(text: string, name: string, wanted: string | null): string[] {
  const found: { readonly asked: readonly string[]; readonly version: string }[] = []
  let asked: string[] = []
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith(' ') && !line.startsWith('#')) {
      const keys = line.trim().replaceAll('"', '').replaceAll("'", '').split(',')
      asked = keys.map(key => key.trim()).filter(key => key.startsWith(`${name}@`))
    } else if (asked.length > 0 && line.startsWith('  version')) {
      found.push({ asked, version: line.slice('  version'.length).replaceAll('"', '').replace(':', '').trim() })
      asked = []
    }
  }
  const answers = (key: string) => key.replace('npm:', '').replace(/:$/, '') === `${name}@${wanted}`
  const own = found.filter(each => each.asked.some(answers))
  return (own.length > 0 ? own : found).map(({ version }) => version)
}

/** `packages`: name → [`prisma@7.10.1`, …], in JSON with commas at the end. */
function ofBun(text: string, name: string): string[] {
  const entries = Object.entries(record(record(jsonValue(text))?.packages) ?? {})
  return entries.flatMap(([key, entry]) => {
    const [id] = Array.isArray(entry) ? entry : []
    const own = key === name || key.endsWith(`/${name}`)
    return own && typeof id === 'string' && id.startsWith(`${name}@`) ? [id.slice(name.length + 1)] : []
  })
}

function strings(value: unknown): string[] {
  return typeof value === 'string' ? [value] : []
}

/** `7.10.1`, and the brackets that pnpm adds; a pre-release counts as the version before its release. */
function exactly(text: string): Version | null {
  const [, major, minor, patch] = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?![\d.])/.exec(text) ?? []
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)]
}

/**
 * The versions that a range of package.json allows. The first of several comparators counts; `||` and everything that
 * is not a version say nothing.
 */
function rangeOf(wanted: string): VersionRange | null {
  const text = wanted.startsWith('npm:') ? wanted.slice(wanted.lastIndexOf('@') + 1) : wanted.trim()
  const [, sign = '', ...numbers] =
    /^(\^|~|>=|=)?\s*v?(\d{1,9})(?:\.(\d{1,9}|[x*]))?(?:\.(\d{1,9}|[x*]))?/.exec(text) ?? []
  if (text.includes('||') || text.includes(' - ') || numbers[0] === undefined) return null
  const known = numbers.map(each => (each === undefined || Number.isNaN(Number(each)) ? null : Number(each)))
  const [major = 0, minor = null, patch = null] = known
  const from: Version = [major ?? 0, minor ?? 0, patch ?? 0]
  if (sign === '>=') return { from, below: null }
  if (minor === null || (sign === '^' && from[0] > 0)) return { from, below: [from[0] + 1, 0, 0] }
  if (patch === null || sign === '~' || sign === '^') return { from, below: [from[0], from[1] + 1, 0] }
  return { from, below: [from[0], from[1], from[2] + 1] }
}

/** All of several versions. */
function span(versions: readonly Version[]): VersionRange {
  const sorted = [...versions].sort(compareReleases)
  const from = sorted[0] ?? [0, 0, 0]
  const [major, minor, patch] = sorted.at(-1) ?? from
  return { from, below: [major, minor, patch + 1] }
}

/** Numbers of any length: two that are too long for a number are equal, and their difference would be none. */
export function compareReleases(a: Version, b: Version): number {
  const order = (i: 0 | 1 | 2) => (a[i] < b[i] ? -1 : a[i] > b[i] ? 1 : 0)
  return order(0) || order(1) || order(2)
}
