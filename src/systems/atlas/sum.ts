import { sha256 } from '@noble/hashes/sha2.js'
import type { Discrepancy } from '../../migration/discrepancy.ts'
import { hasFile, join, textOf } from '../reading/files.ts'
import { type Line, lines } from '../reading/lines.ts'
import type { Tree } from '../reading/tree.ts'
import { compareBytes } from '../reading/version.ts'
import type { IntegrityFile } from '../system.ts'
import { layoutsOf } from './layout.ts'

/**
 * `atlas.sum`, as Atlas writes and checks it (ariga/atlas, sql/migrate/dir.go: NewHashFile, HashFile.Sum,
 * UnmarshalText, Validate): for each file a SHA-256 of the names and contents of all files up to it, and in the first
 * line one of all lines.
 */
const sumFile = 'atlas.sum'

/**
 * The folder's atlas.sum with its disagreements; nothing if there is no such file. `system`: the id of the system that
 * runs the files, because Atlas accepts other tools' layouts as well.
 */
export function atlasSum(tree: Tree, directory: string, system: string): IntegrityFile[] {
  const path = join(directory, sumFile)
  const text = hasFile(tree, path) ? textOf(tree, path) : null
  if (text === null) return []
  const { all, broken, sum } = entriesOf(text)
  const layouts = layoutsOf(system).map(names => summedFiles(tree, directory, names(tree, directory)))
  const known = new Set(all.map(({ name }) => name))
  const [files = []] = layouts.sort((a, b) => strangers(a, known) - strangers(b, known))
  const there = (name: string) => join(directory, name)
  const tell: Tell = ({ start, end }, what, names, remedy) => {
    const isPast = names.some(name => known.has(name))
    const help = remedy ?? helpFor(system, isPast)
    return { at: [start, end], ...refusal(system), what, help, about: names.map(there) }
  }
  const first = lines(text)[0] ?? { text: '', start: 0, end: 0, number: 1 }
  const [marks] = broken
  const found = marks
    ? [tell(marks, `line ${marks.number} of ${sumFile} has no sum`, [])]
    : differences(all, files, first, tell)
  // Atlas compares only the two checksums (Validate). If neither names nor contents differ, the lines themselves are
  // wrong.
  if (found.length === 0 && !(sum === sumOf(all) && sum === sumOf(chain(files)))) {
    found.push(tell(first, `the first line of ${sumFile} is not the sum of its other lines`, []))
  }
  const covers = [...new Set([...all.map(({ name }) => name), ...files.map(({ name }) => name)])].map(there)
  // Without the file, Atlas refuses with "checksum file not found" (ErrChecksumNotFound); the other tools do not look for it.
  return [{ path, covers, discrepancies: found, ...(system === 'atlas' && { isNeeded: true }) }]
}

interface Entry {
  readonly name: string
  /** Base64, without `h1:`. */
  readonly hash: string
  readonly line: Line
}

/** A file as the sum covers it. */
export interface SummedFile {
  readonly name: string
  readonly content: Uint8Array
  /** `-- atlas:sum ignore`: only its name counts. */
  readonly ignored: boolean
}

function entriesOf(text: string): { all: Entry[]; broken: Line[]; sum: string } {
  const [head, ...rest] = lines(text)
  const broken = rest.filter(line => !line.text.includes('h1:'))
  const all = rest.map((line): Entry => {
    const at = line.text.indexOf('h1:')
    return { name: line.text.slice(0, at).trim(), hash: line.text.slice(at + 3), line }
  })
  return { all, broken, sum: head?.text.replace(/^h1:/, '') ?? '' }
}

type Tell = (line: Line, what: string, names: readonly string[], remedy?: string) => Discrepancy

function differences(all: readonly Entry[], files: readonly SummedFile[], first: Line, tell: Tell): Discrepancy[] {
  const counted = files.filter(({ ignored }) => !ignored).map(({ name }) => name)
  const [listed, there] = [new Set(all.map(({ name }) => name)), new Set(counted)]
  const found: Discrepancy[] = []
  const removed = all.filter(({ name }) => !there.has(name))
  const added = counted.filter(name => !listed.has(name))
  const met = new Set<string>()
  const twice = new Set(all.filter(({ name }) => met.size === met.add(name).size))
  const [gone, [again]] = [removed[0], [...twice]]
  if (gone) {
    const names = removed.map(({ name }) => name)
    const isIgnored = files.some(({ name }) => name === gone.name)
    const state = isIgnored ? 'says `atlas:sum ignore`' : `${names.length > 1 ? 'are' : 'is'} not there`
    found.push(tell(gone.line, `${list(names)}, which ${sumFile} lists, ${state}`, names))
  }
  if (added[0] !== undefined) {
    const [name] = added
    const place = all.find(entry => compareBytes(entry.name, name) > 0)?.line ?? all.at(-1)?.line ?? first
    found.push(tell(place, `${list(added)} ${added.length > 1 ? 'are' : 'is'} not listed in ${sumFile}`, added))
  }
  if (again) found.push(tell(again.line, `${sumFile} lists ${list([again.name])} twice`, []))
  const order = counted.filter(name => listed.has(name))
  const kept = all.filter(entry => there.has(entry.name) && !twice.has(entry))
  const moved = kept.find(({ name }, i) => name !== order[i])
  if (moved) found.push(tell(moved.line, `${list([moved.name])} is not in its place in ${sumFile}`, []))
  else {
    const edited = firstEdit(all, files)
    if (edited) {
      const { name, line } = edited
      const isCheckout = firstEdit(all, files.map(withoutReturns)) === undefined
      found.push(
        isCheckout
          ? tell(line, `the line ends of ${list([name])} do not match its sum`, [name], checkout)
          : tell(line, `the content of ${list([name])} does not match its sum`, [name]),
      )
    }
  }
  const told = new Set<number>()
  return found.filter(({ at: [start] }) => !told.has(start) && told.add(start))
}

/**
 * The first file whose content differs. It is not known which later files differ, because each checksum covers all
 * files before it as well.
 */
function firstEdit(all: readonly Entry[], files: readonly SummedFile[]): Entry | undefined {
  const listed = new Set(all.map(({ name }) => name))
  const counted = new Set(files.filter(({ ignored }) => !ignored).map(({ name }) => name))
  const stop = all.findIndex(({ name }) => !counted.has(name))
  const known = stop < 0 ? all : all.slice(0, stop)
  const hashes = new Map(
    chain(files.filter(({ name, ignored }) => ignored || listed.has(name))).map(each => [each.name, each.hash]),
  )
  return known.find(({ name, hash }) => hashes.get(name) !== hash)
}

/**
 * The text as git has it, where a checkout on Windows changed its line ends to CRLF. Sums of such texts are right
 * nowhere else.
 */
function withoutReturns(file: SummedFile): SummedFile {
  const { content } = file
  return { ...file, content: content.filter((byte, i) => byte !== 0x0d || content[i + 1] !== 0x0a) }
}

const checkout =
  'Write `*.sql -text` into .gitattributes, so that git leaves line ends alone, and check the files out again.'

/** NewHashFile: the names, each with the sum of its file and all files before it. */
export function chain(files: readonly SummedFile[]): { name: string; hash: string }[] {
  const hash = sha256.create()
  return files.flatMap(({ name, content, ignored }) => {
    hash.update(utf8.encode(name))
    if (ignored) return []
    hash.update(content)
    return [{ name, hash: base64(hash.clone().digest()) }]
  })
}

/** HashFile.Sum. */
function sumOf(all: readonly { readonly name: string; readonly hash: string }[]): string {
  return base64(sha256(utf8.encode(all.map(({ name, hash }) => name + hash).join(''))))
}

const utf8 = new TextEncoder()

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}

/** The number of names that only one of the two has. */
function strangers(files: readonly SummedFile[], listed: ReadonlySet<string>): number {
  const counted = files.filter(({ ignored }) => !ignored)
  const shared = counted.filter(({ name }) => listed.has(name)).length
  return counted.length + listed.size - 2 * shared
}

/** The files of these names. */
export function summedFiles(tree: Tree, directory: string, names: readonly string[]): SummedFile[] {
  return names.map(name => {
    const content = contentOf(tree, join(directory, name))
    return { name, content, ignored: isIgnored(content) }
  })
}

function contentOf(tree: Tree, path: string): Uint8Array {
  try {
    return tree.read(path)
  } catch {
    return new Uint8Array()
  }
}

/** `directive` with reDirective: in the first line, and nothing after the word. */
export function isIgnored(content: Uint8Array): boolean {
  const newline = content.indexOf(0x0a)
  const line = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    content.subarray(0, newline < 0 ? undefined : newline),
  )
  return /^[ -~]*atlas:sum +ignore$/.test(line)
}

/** Atlas checks the sums before it does anything. Another tool that runs the files does not know them. */
function refusal(system: string): Pick<Discrepancy, 'severity' | 'does'> {
  return system === 'atlas'
    ? { severity: 'error', does: 'Atlas refuses to run' }
    : { severity: 'warning', does: 'Atlas refuses to work on this folder' }
}

/** `isPast`: a file that existed is different now, or missing. */
function helpFor(system: string, isPast: boolean): string {
  const format = system === 'atlas' || system === 'plain' ? '' : ', and name the format of the folder in `--dir`'
  const again = `the sums again: \`atlas migrate hash\`${format}.`
  return isPast
    ? `Put the file back if it is applied anywhere: it is not run again. Otherwise write ${again}`
    : `Write ${again}`
}

/** `"a.sql", "b.sql" and 3 more`. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, names.length > 4 ? 3 : 4).map(name => JSON.stringify(name))
  if (shown.length < names.length) shown.push(`${names.length - shown.length} more`)
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}
