import { withoutTrailing } from '../../parse/trailing.ts'
import { withoutComments } from '../reading/comment.ts'
import { baseName, hasFile, join, namesIn, parentOf, textOf, upwards } from '../reading/files.ts'
import { record } from '../reading/manifest.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import { valueAt, yaml, yamlProblem } from '../reading/yaml.ts'

/** An entry of a changelog, in order: another changelog, or a change set of its own. */
type Entry =
  | { readonly kind: 'include' | 'includeAll'; readonly path: string; readonly relative: boolean }
  | { readonly kind: 'changeSet' }

/** `-- liquibase formatted sql`, on the first line that is not empty. */
export function isFormatted(text: string): boolean {
  return /^\s*--\s*liquibase\s*formatted/i.test(text.slice(0, 4096))
}

/** A changelog in XML, YAML or JSON. */
function isChangelog(name: string, text: string): boolean {
  return /\.(xml|ya?ml|json)$/i.test(name) && /(^|[<"'\s])databaseChangeLog\b/.test(text.slice(0, 4096))
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

/** Words in the path of a changelog: not every JSON or YAML of a project is looked into. */
const LIKELY = /change-?(log|set)|liquibase|migrat|(^|\/)(db|database|sql)\//i

function includedBy(tree: Tree, path: string): string[] {
  return entriesOf(path, textOf(tree, path) ?? '').flatMap(entry =>
    entry.kind === 'include' ? (resolve(tree, path, entry) ?? []) : [],
  )
}

/** The files that a changelog runs, in order: `.sql` files, and changelogs that hold change sets themselves. */
export function filesOf(tree: Tree, changelog: string, missing: string[], seen = new Set<string>()): string[] {
  if (seen.has(changelog)) return []
  seen.add(changelog)
  if (/\.sql$/i.test(changelog)) return [changelog]
  const text = textOf(tree, changelog) ?? ''
  const entries = entriesOf(changelog, text)
  const problem = /\.xml$/i.test(changelog) ? null : yamlProblem(text)
  if (problem) missing.push(`${changelog} cannot be read: ${problem.what} (line ${problem.line}).`)
  const own = entries.findIndex(({ kind }) => kind === 'changeSet')
  return entries.flatMap((entry, i): string[] => {
    if (entry.kind === 'changeSet') return i === own ? [changelog] : []
    if (entry.kind === 'include') {
      const path = resolve(tree, changelog, entry)
      if (path !== null) return filesOf(tree, path, missing, seen)
      missing.push(`${changelog} includes ${entry.path}, which does not exist.`)
      return []
    }
    const folder = resolve(tree, changelog, entry)
    if (folder === null) missing.push(`${changelog} includes ${entry.path}, which does not exist.`)
    const files = folder === null ? [] : filesBelow(tree, folder).filter(path => /\.(sql|xml|ya?ml|json)$/i.test(path))
    return files.sort(compareUnits).flatMap(path => filesOf(tree, path, missing, seen))
  })
}

/** Relative to the changelog, or to the root of the project or class path: the nearest directory above that has it. */
function resolve(
  tree: Tree,
  changelog: string,
  { path, relative }: { path: string; relative: boolean },
): string | null {
  const name = withoutTrailing(path.replace(/^classpath\*?:/, '').replace(/^\/+/, ''), '/')
  const exists = (candidate: string) => hasFile(tree, candidate) || tree.list(candidate).length > 0
  const folders = relative ? [parentOf(changelog)] : upwards(parentOf(changelog))
  return folders.map(dir => join(dir, name)).find(exists) ?? null
}

function entriesOf(name: string, text: string): Entry[] {
  return /\.xml$/i.test(name) ? entriesOfXml(text) : yaml(text).flatMap(entriesOfDocument)
}

/** Of YAML, and of JSON, which is YAML too. Source: YamlChangeLogParser. */
function entriesOfDocument(document: unknown): Entry[] {
  const list = valueAt(document, 'databaseChangeLog')
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown): Entry[] =>
    Object.entries(record(item) ?? {}).flatMap(([kind, value]): Entry[] => {
      if (kind === 'changeSet') return [{ kind }]
      if (kind !== 'include' && kind !== 'includeAll') return []
      const path = valueAt(value, kind === 'include' ? 'file' : 'path')
      const relative = String(valueAt(value, 'relativeToChangelogFile')).toLowerCase() === 'true'
      return typeof path === 'string' ? [{ kind, path, relative }] : []
    }),
  )
}

function entriesOfXml(text: string): Entry[] {
  const code = withoutComments(text, { line: null, open: '<!--', close: '-->' })
  const found = [...code.matchAll(/<(includeAll|include|changeSet)\b/g)]
  return found.flatMap(({ index, 0: start, 1: kind }, i): Entry[] => {
    if (kind === 'changeSet') return [{ kind }]
    const end = found[i + 1]?.index ?? code.length
    const [attributes = ''] = code.slice(index + start.length, end).split('>', 1)
    const path = /\b(?:file|path)["']?\s*[:=]\s*["']?([^"'\s,}>]+)/.exec(attributes)?.[1]
    const relative = /\brelativeToChangelogFile["']?\s*[:=]\s*["']?true\b/.test(attributes)
    return path === undefined ? [] : [{ kind: kind === 'include' ? 'include' : 'includeAll', path, relative }]
  })
}
