import { circlesOf, floorsOf, type Graph, graphOf } from './circles.ts'
import { type Import, importsOf, sourcesIn } from './imports.ts'

/** The folders of the program. */
export const ours = ['src', 'rules'] as const

/** One file or folder in a folder. */
interface Door {
  readonly from: string
  readonly to: string
  /** The number of imports behind this arrow; each pair of files counts once. */
  readonly count: number
  /** All of these imports are types. */
  readonly typeOnly: boolean
}

/** A folder as readers see it: its entries, and the imports between them. */
export interface Folder {
  readonly path: string
  /** Files and folders, by name. */
  readonly entries: readonly string[]
  readonly arrows: readonly Door[]
  /** The length of the longest way down from entry to entry. */
  readonly floors: number
  /** Entries that import each other. */
  readonly circles: readonly (readonly string[])[]
}

export interface SourceMap {
  readonly files: readonly string[]
  readonly imports: readonly Import[]
  /** Files that import each other, types included. */
  readonly circles: readonly (readonly string[])[]
  /** Those that remain at run time. */
  readonly runTimeCircles: readonly (readonly string[])[]
  /** The imports between rooms: the folders in src, src/index.ts and rules. */
  readonly rooms: readonly Door[]
  /** Every folder, the outer ones first. */
  readonly folders: readonly Folder[]
}

/** The map of the checkout at this folder. */
export function mapOf(top: string): SourceMap {
  const files = sourcesIn(top, ours)
  const all = files.flatMap(file => importsOf(top, file))
  const known = new Set(files)
  const imports = all.filter(({ to }) => known.has(to))
  return {
    files,
    imports: all,
    circles: circlesOf(graphOf(files, imports)),
    runTimeCircles: circlesOf(
      graphOf(
        files,
        imports.filter(({ typeOnly }) => !typeOnly),
      ),
    ),
    rooms: doors(imports, roomOf),
    folders: foldersOf(files).map(path => folderOf(path, files, imports)),
  }
}

/** `src/lint/rule.ts` → `src/lint`; a file outside of any room, such as src/index.ts, is a room of its own. */
export function roomOf(path: string): string {
  return /^(src\/[^/]+|rules)\//.exec(path)?.[1] ?? path
}

function foldersOf(files: readonly string[]): string[] {
  const found = files.flatMap(file => {
    const parts = file.split('/')
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'))
  })
  return [...new Set(found)].sort()
}

function folderOf(path: string, files: readonly string[], imports: readonly Import[]): Folder {
  const entryOf = (file: string) =>
    file.startsWith(`${path}/`) ? (file.slice(path.length + 1).split('/')[0] ?? '') : ''
  const entries = [...new Set(files.map(entryOf))].filter(name => name !== '').sort()
  const arrows = doors(imports, entryOf).filter(({ from, to }) => from !== '' && to !== '')
  const graph: Graph = graphOf(entries, arrows)
  return { path, entries, arrows, floors: floorsOf(graph), circles: circlesOf(graph) }
}

/** The imports between the groups that `groupOf` makes. */
function doors(imports: readonly Import[], groupOf: (file: string) => string): Door[] {
  const found = new Map<string, { from: string; to: string; pairs: Set<string>; typeOnly: boolean }>()
  for (const each of imports) {
    const [from, to] = [groupOf(each.from), groupOf(each.to)]
    if (from === to) continue
    const door = found.get(`${from} ${to}`) ?? { from, to, pairs: new Set(), typeOnly: true }
    door.pairs.add(`${each.from} ${each.to}`)
    door.typeOnly &&= each.typeOnly
    found.set(`${from} ${to}`, door)
  }
  return [...found.values()]
    .map(({ pairs, ...door }) => ({ ...door, count: pairs.size }))
    .sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1))
}
