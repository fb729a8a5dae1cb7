import { baseName, namesIn } from '../reading/files.ts'
import { type Tree, walk } from '../reading/tree.ts'
import { compareBytes, compareIntegers, compareUnits, parseInt64 } from '../reading/version.ts'

/** The files of a folder that Atlas takes for its migrations, in its order; files in subfolders by their relative path. */
export type Names = (tree: Tree, directory: string) => string[]

/** LocalDir.Files (ariga/atlas, sql/migrate/dir.go). Those of goose, dbmate and Liquibase (sql/sqltool/tool.go) are the same. */
const plainFiles: Names = (tree, directory) =>
  namesIn(tree, directory)
    .filter(name => name.endsWith('.sql'))
    .sort(compareBytes)

/**
 * The texts that the checksums may cover, for the files of this system: those that current versions of Atlas use, and those that
 * earlier versions used for all systems.
 */
export function layoutsOf(system: string): readonly Names[] {
  return [...new Set([layoutOf(system), plainFiles])]
}

function layoutOf(system: string): Names {
  if (system === 'golang-migrate')
    return (tree, directory) => plainFiles(tree, directory).filter(name => name.endsWith('.up.sql'))
  return system === 'flyway' ? flywayFiles : plainFiles
}

/** FlywayDir.Files: subfolders count too; versions that a baseline contains are left out; repeatable migrations come last. */
const flywayFiles: Names = (tree, directory) => {
  const all = walked(tree, directory).filter(path => /^[VBR].*\.sql$/.test(baseName(path)))
  const of = (kind: string) => all.filter(path => baseName(path).startsWith(kind))
  let baseline: string | undefined
  for (const path of of('B')) if (!baseline || version(path) >= version(baseline)) baseline = path
  const since = baseline
  const later = of('V').filter(path => since === undefined || version(since) < version(path))
  return [...(since === undefined ? [] : [since]), ...later.sort(compareFlyway), ...of('R').sort(compareFlyway)]
}

/** fs.WalkDir without hidden files: the content of a folder in the order of the names, beginning with the folder. */
function walked(tree: Tree, directory: string): string[] {
  const { found } = walk(tree, directory, name => !name.startsWith('.'))
  const below = (path: string) => (directory === '' ? path : path.slice(directory.length + 1))
  const key = (path: string) => path.replaceAll('/', '\0')
  return found
    .flatMap(({ path, kind }) => (kind === 'file' ? [below(path)] : []))
    .sort((a, b) => compareBytes(key(a), key(b)))
}

function version(path: string): string {
  const name = baseName(path)
  return name.startsWith('R') ? '' : (name.replace(/\.sql$/, '').split('__')[0] ?? '').slice(1)
}

/** flywayVersionCompare: part by part, with 0 for a part that is not a number. */
export function compareFlyway(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareIntegers(left[i] ?? 0n, right[i] ?? 0n)
    if (order !== 0) return order
  }
  return left.length - right.length || compareUnits(a, b)
}

function numbers(path: string): bigint[] {
  return version(path)
    .split(/[._]/)
    .map(part => parseInt64(part) ?? 0n)
}
