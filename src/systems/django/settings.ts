import { nearest } from '../reading/code-migrations.ts'
import { codeOf } from '../reading/comment.ts'
import { hasFile, join, upwards } from '../reading/files.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'

/** What the settings of a project and its files of packages say about the SQL that Django sends. */
export interface Settings {
  /** A setting that names a model: `AUTH_USER_MODEL`. Null: it is not known. */
  readonly named: (name: string) => string | null
  /** The class of primary keys that nobody described, with its module (DEFAULT_AUTO_FIELD). */
  readonly autoField: string
  /** The version of Django: major and minor. */
  readonly version: readonly [major: number, minor: number]
}

/** Texts of the settings of the project around a directory. */
export function settingsFiles(tree: Tree, directory: string): string[] {
  const home = upwards(directory).find(dir => hasFile(tree, join(dir, 'manage.py'))) ?? directory
  return filesBelow(tree, home)
    .filter(path => /(^|\/)settings(\/[^/]+)?\.py$|(^|\/)settings[^/]*\.py$/.test(path) && !/site-packages/.test(path))
    .map(path => codeOf(tree, path) ?? '')
}

export function settingsOf(tree: Tree, directory: string): Settings {
  const version = versionOf(tree, directory) ?? latest
  const text = settingsFiles(tree, directory).join('\n')
  const said = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(/^([A-Z][A-Z_]+)\s*(?::\s*str\s*)?=\s*["']([\w.]+)["']/gm))
    if (!said.has(name)) said.set(name, value)
  return settings(said, version)
}

/** Settings by name, as they are for a version of Django. */
export function settings(said: ReadonlyMap<string, string>, version: Settings['version']): Settings {
  const usual = version[0] >= 6 ? 'django.db.models.BigAutoField' : 'django.db.models.AutoField'
  return {
    named: name => said.get(name) ?? (name === 'AUTH_USER_MODEL' ? 'auth.User' : null),
    autoField: said.get('DEFAULT_AUTO_FIELD') ?? usual,
    version,
  }
}

export function isFrom({ version: [major, minor] }: Settings, [from, below]: Settings['version']): boolean {
  return major > from || (major === from && minor >= below)
}

/** What is taken for the version of a project that does not say any. */
const latest: Settings['version'] = [5, 2]

const files = [
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile.lock',
  'requirements.txt',
  'requirements/base.txt',
  'requirements/prod.txt',
  'pyproject.toml',
  'Pipfile',
  'setup.cfg',
  'setup.py',
]

/** The version of Django in the nearest file that names it. */
function versionOf(tree: Tree, directory: string): Settings['version'] | null {
  for (const name of files) {
    const text = nearest(tree, directory, [name])?.text ?? ''
    const found =
      /^name = "django"\r?\nversion = "(\d+)\.(\d+)/im.exec(text) ??
      /^\s*["']?django["']?(?:\[[\w,]*\])?\s*(?:[=~^>]=?=?|:\s*\{\s*["']?\w*["']?\s*:?|=)\s*["']?[=~^>]*\s*(\d+)\.(\d+)/im.exec(
        text,
      ) ??
      /["']django(?:\[[\w,]*\])?\s*[=~^>]=?=?\s*(\d+)\.(\d+)/i.exec(text) ??
      /"django":\s*\{[^{}]*"version":\s*"[=~^>]*(\d+)\.(\d+)/i.exec(text)
    if (found) return [Number(found[1]), Number(found[2])]
  }
  return null
}
