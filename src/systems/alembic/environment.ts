import { baseName, hasFile, join, parentOf, textOf, upwards } from '../reading/files.ts'
import { type Settings, settingsAt } from '../reading/program-settings.ts'
import type { Tree } from '../reading/tree.ts'
import type { Environment } from './calls.ts'
import { type Convention, conventionIn, usual } from './convention.ts'

/** What env.py and the lock file say about all migrations. They are only read; no code of them runs. */
export function environmentOf(
  tree: Tree,
  path: string,
): Environment & {
  /** No file names the version of SQLAlchemy, so 2.0 is assumed. */
  readonly isAssumed: boolean
} {
  const is = isNewer(tree, path)
  return { convention: conventionOf(tree, path) ?? usual, storesComputed: is !== true, isAssumed: is === null }
}

/** The most files that are read on the way from env.py to the naming convention. */
const mostFiles = 8

/** The naming convention of `target_metadata`, in env.py or in the file that env.py imports it from; null: there is none. */
function conventionOf(tree: Tree, path: string): Convention | null {
  let settings = settingsAt(tree, path)
  let name = settings === null ? '' : targetIn(settings)
  for (let i = 0; i < mostFiles && settings !== null && name !== ''; i++) {
    const own = conventionIn(settings)
    if (own) return own
    const next = importedIn(tree, settings, name.split('.'))
    if (!next) return null
    settings = settingsAt(tree, next.path)
    name = next.name
  }
  return null
}

/** The name that `target_metadata` gets at the top of env.py, or else anywhere in it. */
function targetIn(settings: Settings): string {
  const said = settings.all('target_metadata')
  const names = [...said.filter(({ path }) => path.length === 1), ...said].map(({ value }) =>
    value.kind === 'unknown' ? value.name : undefined,
  )
  return names.find(each => each !== undefined && each !== 'target_metadata') ?? ''
}

/** The file that a name is imported from, and its name there. */
function importedIn(
  tree: Tree,
  settings: Settings,
  [first = '', ...members]: readonly string[],
): { readonly path: string; readonly name: string } | null {
  for (const { module, member: imported, name } of settings.imports) {
    if (name !== first || imported === undefined) continue
    const own = fileOf(tree, settings.path, module)
    // The imported name may be a file of the package.
    const inside = fileOf(tree, settings.path, module.endsWith('.') ? `${module}${imported}` : `${module}.${imported}`)
    const [member = imported] = members
    if (inside) return { path: inside, name: member }
    if (own) return { path: own, name: imported }
  }
  // A class has the metadata of its base, and a name may stand for another one.
  const [base = ''] = settings.classes.find(({ name }) => name === first)?.bases ?? []
  return base === '' || base === first ? null : importedIn(tree, settings, base.split('.'))
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
