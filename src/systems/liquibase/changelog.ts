import { withoutTrailing } from '../../parse/trailing.ts'
import { baseName, hasFile, join, namesIn, parentOf, textOf, upwards } from '../reading/files.ts'
import { record } from '../reading/manifest.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import { attributeOf, elementsIn, type XmlElement, xml, xmlProblem } from '../reading/xml.ts'
import { valueAt, yaml, yamlProblem } from '../reading/yaml.ts'
import { type Included, plainly } from './included.ts'

/** An entry of a changelog, in order: another changelog, or a change set of its own. */
type Entry = Include | { readonly kind: 'changeSet' }

interface Include extends Included {
  readonly kind: 'include' | 'includeAll'
  readonly path: string
  readonly relative: boolean
  /** The file must be there. */
  readonly isNeeded: boolean
  /** Of `includeAll`: how far below the folder its files are, which is 1 for a file in it, and how their names end. */
  readonly minDepth: number
  readonly maxDepth: number
  readonly end: string
  /** Classes of the project that choose or order the files. */
  readonly filter: string | undefined
  readonly comparator: string | undefined
}

/** `-- liquibase formatted sql`, on the first line that is not empty. */
export function isFormatted(text: string): boolean {
  return /^\s*--\s*liquibase\s*formatted/i.test(text.slice(0, 4096))
}

/** A changelog in XML, YAML or JSON; a broken one, too. */
function isChangelog(name: string, text: string): boolean {
  if (!text.includes(rootName)) return false
  if (isXml(name))
    return xml(text)?.name === rootName || (xmlProblem(text) !== null && /<(?:\w+:)?databaseChangeLog\b/.test(text))
  if (yamlProblem(text)) return /(^|["'\s])databaseChangeLog\b/.test(text.slice(0, 4096))
  return yaml(text).some(document => valueAt(document, rootName) !== undefined)
}

const rootName = 'databaseChangeLog'

function isXml(path: string): boolean {
  return /\.xml$/i.test(path)
}

/** What keeps a changelog from being read, with the line; null if it can be read. */
export function changelogProblem(path: string, text: string): { readonly line: number; readonly what: string } | null {
  if (isXml(path)) return xmlProblem(text)
  return /\.(ya?ml|json)$/i.test(path) ? yamlProblem(text) : null
}

/**
 * The changelog of a directory that no other one there includes; null when there is none. `master` and `root` in its name
 * decide between several.
 */
export function masterIn(tree: Tree, dir: string): string | null {
  const paths = namesIn(tree, dir).map(name => join(dir, name))
  const likely = paths.filter(path => /\.(xml|ya?ml|json)$/i.test(path) && LIKELY.test(path))
  const changelogs = likely.filter(path => isChangelog(path, textOf(tree, path) ?? ''))
  const included = new Set(changelogs.flatMap(path => includedBy(tree, path)))
  const roots = changelogs.filter(path => !included.has(path))
  return roots.find(path => /master|root/i.test(baseName(path))) ?? roots[0] ?? null
}

/** Words in the path of a changelog, so that not every JSON or YAML file of a project is read. */
const LIKELY = /change-?(log|set)|liquibase|migrat|(^|\/)(db|database|sql)\//i

function includedBy(tree: Tree, path: string): string[] {
  return entriesOf(path, textOf(tree, path) ?? '').flatMap(entry =>
    entry.kind === 'include' ? (resolve(tree, path, entry) ?? []) : [],
  )
}

/** Changelogs in one another: well below what the stack takes. */
const deepest = 200

/** The files that a changelog runs, in order: `.sql` files, and changelogs that hold change sets themselves. */
export function filesOf(
  tree: Tree,
  changelog: string,
  missing: string[],
  seen = new Map<string, Included>(),
  depth = 0,
  included: Included = plainly,
): string[] {
  if (seen.has(changelog)) return []
  seen.set(changelog, included)
  if (/\.sql$/i.test(changelog)) return [changelog]
  if (depth > deepest) {
    missing.push(`${changelog} is not read: changelogs include one another more than ${deepest} deep.`)
    return [changelog]
  }
  const text = textOf(tree, changelog) ?? ''
  const problem = changelogProblem(changelog, text)
  if (problem) {
    missing.push(`${changelog} cannot be read: ${problem.what} (line ${problem.line}).`)
    // Its content is unknown, so it counts as unread.
    return [changelog]
  }
  const entries = entriesOf(changelog, text)
  const own = entries.findIndex(({ kind }) => kind === 'changeSet')
  return entries.flatMap((entry, i): string[] => {
    if (entry.kind === 'changeSet') return i === own ? [changelog] : []
    const found = resolve(tree, changelog, entry)
    if (found === null) {
      if (entry.isNeeded) missing.push(`${changelog} includes ${entry.path}, which does not exist.`)
      return []
    }
    const within = joined(included, entry)
    const files = entry.kind === 'include' ? [found] : allIn(tree, found, entry, seen)
    if (entry.filter !== undefined)
      missing.push(
        `The class ${entry.filter} chooses which files of ${entry.path} run, so any of them may be left out.`,
      )
    if (entry.comparator !== undefined)
      missing.push(
        `The class ${entry.comparator} orders the files of ${entry.path}: they are read in the order of their paths.`,
      )
    return files.flatMap(path => filesOf(tree, path, missing, seen, depth + 1, within))
  })
}

/** The attributes that a file gets where it is included, joined with those of the including file. */
function joined(outer: Included, inner: Included): Included {
  const isConditional = outer.isConditional || inner.isConditional
  return { context: inner.context || outer.context, isConditional }
}

/** AbstractPathResourceAccessor.search, in the order of DatabaseChangeLog.getStandardChangeLogComparator. */
function allIn(
  tree: Tree,
  folder: string,
  { minDepth, maxDepth, end }: Include,
  seen: ReadonlyMap<string, unknown>,
): string[] {
  const found: string[] = []
  // A changelog may include the same large folder thousands of times, but each file runs once.
  for (const { path, depth } of filesIn(tree, folder)) {
    if (depth < minDepth || depth > maxDepth || seen.has(path)) continue
    if (end === '' || path.toLowerCase().endsWith(end)) found.push(path)
  }
  return found
}

interface Below {
  readonly path: string
  /** How far below the folder, which is 1 for a file in it. */
  readonly depth: number
}

/** The files of each folder, in order. */
const filesOfFolders = new WeakMap<Tree, Map<string, readonly Below[]>>()

function filesIn(tree: Tree, folder: string): readonly Below[] {
  const known = filesOfFolders.get(tree) ?? new Map<string, readonly Below[]>()
  filesOfFolders.set(tree, known)
  const before = known.get(folder)
  if (before) return before
  const files = filesBelow(tree, folder)
    .filter(path => /\.(sql|xml|ya?ml|json)$/i.test(path))
    .sort(compareUnits)
    .map(path => ({ path, depth: path.slice(folder === '' ? 0 : folder.length + 1).split('/').length }))
  known.set(folder, files)
  return files
}

/** Relative to the changelog, or to the root of the project or class path: the nearest directory above that has it. */
export function resolve(
  tree: Tree,
  changelog: string,
  { path, relative }: { path: string; relative: boolean },
): string | null {
  const name = withoutTrailing(
    path
      .replaceAll('\\', '/')
      .replace(/^classpath\*?:/, '')
      .replace(/^\/+/, ''),
    '/',
  )
  const exists = (candidate: string) => hasFile(tree, candidate) || tree.list(candidate).length > 0
  const folders = relative ? [parentOf(changelog)] : upwards(parentOf(changelog))
  return folders.map(dir => join(dir, name)).find(exists) ?? null
}

function entriesOf(name: string, text: string): Entry[] {
  if (!isXml(name)) return yaml(text).flatMap(document => entriesOfList(valueAt(document, rootName)))
  const root = xml(text)
  return root?.name === rootName ? elementsIn(root).flatMap(entriesOfElement) : []
}

/** The entries of YAML, and of JSON, which is YAML too. Source: YamlChangeLogParser; DatabaseChangeLog.handleChildNodeHelper. */
function entriesOfList(list: unknown): Entry[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown): Entry[] =>
    Object.entries(record(item) ?? {}).flatMap(([kind, value]): Entry[] => {
      if (kind === 'modifyChangeSets') return entriesOfList(Array.isArray(value) ? value : [value])
      const field = (name: string) => {
        const given = valueAt(value, name)
        return given === undefined || given === null ? undefined : String(given)
      }
      return entry(kind, field)
    }),
  )
}

/** Source: XMLChangeLogSAXHandler, which knows names without prefixes; DatabaseChangeLog.handleChildNodeHelper. */
function entriesOfElement(element: XmlElement): Entry[] {
  if (element.name === 'modifyChangeSets') return elementsIn(element).flatMap(entriesOfElement)
  return entry(element.name, name => attributeOf(element, name))
}

function entry(kind: string, field: (name: string) => string | undefined): Entry[] {
  if (kind === 'changeSet') return [{ kind }]
  if (kind !== 'include' && kind !== 'includeAll') return []
  const path = field(kind === 'include' ? 'file' : 'path')
  if (path === undefined || field('ignore')?.toLowerCase() === 'true') return []
  const isFalse = (name: string) => field(name)?.toLowerCase() === 'false'
  const filter = kind === 'includeAll' ? (field('filter') ?? field('resourceFilter')) : undefined
  const context = field('contextFilter') || field('context') || ''
  return [
    {
      kind,
      path,
      relative: field('relativeToChangelogFile')?.toLowerCase() === 'true',
      isNeeded: !isFalse(kind === 'include' ? 'errorIfMissing' : 'errorIfMissingOrEmpty'),
      context,
      isConditional: context !== '' || Boolean(field('labels')) || filter !== undefined,
      minDepth: numberIn(field('minDepth'), 0),
      maxDepth: numberIn(field('maxDepth'), Number.POSITIVE_INFINITY),
      end: (field('endsWithFilter') ?? '').trim().toLowerCase(),
      filter,
      comparator: kind === 'includeAll' ? field('resourceComparator') : undefined,
    },
  ]
}

function numberIn(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : otherwise
}
