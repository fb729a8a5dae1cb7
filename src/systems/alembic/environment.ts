import { baseName, hasFile, join, parentOf, textOf, upwards } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { Environment } from './calls.ts'
import { type Convention, conventionIn, usual } from './convention.ts'

/** What env.py and the lock file say about all migrations. They are only read; no code of them runs. */
export function environmentOf(
  tree: Tree,
  path: string,
  text: string,
): Environment & {
  /** No file names the version of SQLAlchemy, so 2.0 is assumed. */
  readonly isAssumed: boolean
} {
  const is = isNewer(tree, path)
  return { convention: conventionOf(tree, path, text) ?? usual, storesComputed: is !== true, isAssumed: is === null }
}

/** The most files that are read on the way from env.py to the naming convention. */
const mostFiles = 8

/** The naming convention of `target_metadata`, in env.py or in the file that env.py imports it from; null: there is none. */
function conventionOf(tree: Tree, path: string, text: string): Convention | null {
  const [, target = ''] = /^target_metadata[ \t]*=[ \t]*([A-Za-z_][\w.]*)/m.exec(text) ?? []
  const [, given = ''] = /\btarget_metadata[ \t]*=[ \t]*([A-Za-z_][\w.]*)/.exec(text) ?? []
  let name = target === '' || target === 'None' ? given : target
  let [at, words] = [path, text]
  for (let i = 0; i < mostFiles && name !== ''; i++) {
    const own = conventionIn(words)
    if (own) return own
    const next = importedIn(tree, at, words, name.split('.'))
    if (!next) return null
    const found = textOf(tree, next.path)
    if (found === null) return null
    ;[at, words, name] = [next.path, found, next.name]
  }
  return null
}

/** The file that a name is imported from, and its name there. */
function importedIn(
  tree: Tree,
  path: string,
  text: string,
  [first = '', ...members]: readonly string[],
): { readonly path: string; readonly name: string } | null {
  for (const { index, 0: words, 1: module = '', 2: one = '' } of text.matchAll(
    /^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\(|[^\n(]*)/gm,
  )) {
    const start = index + words.length
    const names = one === '(' ? (text.slice(start, start + 5000).split(')', 1)[0] ?? '') : one
    for (const each of names.split(',')) {
      const [name = '', as, alias] = each.replace(/#.*/g, '').trim().split(/\s+/)
      if ((as === 'as' ? alias : name) !== first) continue
      const own = fileOf(tree, path, module)
      // The imported name may be a file of the package.
      const inside = fileOf(tree, path, module.endsWith('.') ? `${module}${name}` : `${module}.${name}`)
      const [member = name] = members
      if (inside) return { path: inside, name: member }
      if (own) return { path: own, name }
    }
  }
  // A class has the metadata of its base, and a name may stand for another one.
  const classes = [...text.matchAll(/^class (\w+)\(([A-Za-z_][\w.]*)/gm)]
  const base = classes.find(([, name]) => name === first)?.[2] ?? ''
  return base === '' || base === first ? null : importedIn(tree, path, text, base.split('.'))
}

/** The file of a module: below the directory with its package, or beside the importing file. */
function fileOf(tree: Tree, from: string, module: string): string | null {
  const [dots = ''] = /^\.*/.exec(module) ?? []
  const words = module.slice(dots.length).split('.').filter(Boolean)
  const here = upwards(parentOf(from))
  const homes = dots === '' ? here.flatMap(dir => [dir, join(dir, 'src')]) : here.slice(dots.length - 1, dots.length)
  for (const home of homes) {
    const path = join(home, words.join('/'))
    const found = [`${path}.py`, join(path, '__init__.py')].find(
      each => hasFile(tree, each) && baseName(each) !== '.py',
    )
    if (found !== undefined) return found
  }
  return null
}

/** Whether the nearest lock file or list of requirements has SQLAlchemy 2.1 or later; null: none names its version. */
function isNewer(tree: Tree, path: string): boolean | null {
  for (const dir of upwards(parentOf(path)))
    for (const name of ['uv.lock', 'poetry.lock', 'pdm.lock', 'requirements.txt']) {
      const file = join(dir, name)
      const text = hasFile(tree, file) ? (textOf(tree, file) ?? '') : ''
      const [, major, minor] =
        /^name = "sqlalchemy"\r?\nversion = "(\d{1,3})\.(\d{1,3})/im.exec(text) ??
        /^sqlalchemy(?:\[[\w,]*\])?==(\d{1,3})\.(\d{1,3})/im.exec(text) ??
        []
      if (major !== undefined) return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 1)
    }
  return null
}
