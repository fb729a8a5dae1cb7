import { nearest } from '../reading/code-migrations.ts'
import type { Tree } from '../reading/tree.ts'
import { fieldClasses } from './field-classes.ts'
import { homeOf, settingsFiles } from './settings-files.ts'

/** Facts about the SQL that Django sends, from the settings and the lists of packages of a project. */
export interface Settings {
  /** A setting that names a model: `AUTH_USER_MODEL`. Null: unknown. */
  readonly named: (name: string) => string | null
  /** A setting that is a number. */
  readonly number: (name: string) => number | null
  /** The base of a project's class, by its path: `shop.fields.PriceField` → `django.db.models.DecimalField`. Null: unknown. */
  readonly extended: (path: string) => string | null
  /** The class of implicit primary keys, with its module (DEFAULT_AUTO_FIELD). */
  readonly autoField: string
  /** The version of Django: major and minor. */
  readonly version: readonly [major: number, minor: number]
}

export function settingsOf(tree: Tree, directory: string): Settings {
  const version = versionOf(tree, directory) ?? latest
  const said = new Map<string, string>()
  for (const { path, value } of settingsFiles(tree, directory).flatMap(file => file.all())) {
    const [name = '', ...others] = path
    const word = value.kind === 'known' ? value.value : null
    const isValue = typeof word === 'string' || (typeof word === 'number' && Number.isInteger(word))
    if (others.length === 0 && isValue && !said.has(name)) said.set(name, String(word))
  }
  return settings(said, version, fieldClasses(tree, homeOf(tree, directory)))
}

/** Settings by name, with the defaults of a version of Django. */
export function settings(
  said: ReadonlyMap<string, string>,
  version: Settings['version'],
  extended: Settings['extended'] = () => null,
): Settings {
  const usual = version[0] >= 6 ? 'django.db.models.BigAutoField' : 'django.db.models.AutoField'
  return {
    named: name => said.get(name) ?? (name === 'AUTH_USER_MODEL' ? 'auth.User' : null),
    number: name => (/^\d+$/.test(said.get(name) ?? '') ? Number(said.get(name)) : null),
    extended,
    autoField: said.get('DEFAULT_AUTO_FIELD') ?? usual,
    version,
  }
}

export function isFrom({ version: [major, minor] }: Settings, [from, below]: Settings['version']): boolean {
  return major > from || (major === from && minor >= below)
}

/** The version that is assumed for a project that does not state one. */
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

/** The notice that the version is assumed; none if the project names one. */
export function assumedVersion(tree: Tree, directory: string): string[] {
  if (versionOf(tree, directory) !== null) return []
  return [
    `The version of Django is not known, so its migrations are read as Django ${latest.join('.')} runs them. Name it in requirements.txt, pyproject.toml or a lock file.`,
  ]
}

/** The version of Django in the nearest file that names it. */
function versionOf(tree: Tree, directory: string): Settings['version'] | null {
  for (const name of files) {
    const text = nearest(tree, directory, [name])?.text ?? ''
    const found = name.endsWith('.lock') ? lockedIn(text) : wantedIn(text)
    if (found) return found
  }
  return null
}

const NUMBER = /(\d{1,3})\.(\d{1,3})/

function numbered(text: string): Settings['version'] | null {
  const found = NUMBER.exec(text)
  return found ? [Number(found[1]), Number(found[2])] : null
}

/** `name = "django"` with its version in the next line; in Pipfile.lock, an object. */
function lockedIn(text: string): Settings['version'] | null {
  const lines = text.split('\n')
  const at = lines.findIndex(line => /^name = "django"\s*$/i.test(line))
  if (at >= 0) return numbered(lines[at + 1] ?? '')
  const start = text.search(/"django":\s*\{/i)
  if (start < 0) return null
  const own = text.slice(start, text.indexOf('}', start))
  const version = own.indexOf('"version"')
  return version < 0 ? null : numbered(own.slice(version))
}

/** `Django[argon2]>=4.2,<5`, `django = "^4.2"`, `"django~=6.0"` in a list. */
function wantedIn(text: string): Settings['version'] | null {
  for (const part of text.split(/\n|, |\["|\['/)) {
    const wanted = /^["']?django(?:\[[\w,]{1,60}\])?["']?(?=[\s=~^<>!])/i.exec(part.trim())
    const found = wanted && numbered(part.trim().slice(wanted[0].length))
    if (found) return found
  }
  return null
}
