import { configparser } from '../reading/configparser.ts'
import { hasDirectory, hasFile, join, textOf } from '../reading/files.ts'
import { toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'

/** What alembic.ini and `[tool.alembic]` of pyproject.toml say; the former counts more (Config.get_alembic_option). */
export interface Config {
  readonly path: string
  /** `script_location`, with env.py. */
  readonly location: string | null
  /** `version_locations` that are in the tree; empty if none are named. */
  readonly versions: readonly string[]
  /** There are several, which are one history. */
  readonly several: boolean
  /** All of those that are named are in the tree. */
  readonly isWhole: boolean
  readonly url: string | undefined
}

/** The configuration in this directory; null if there is none. */
export function configOf(tree: Tree, dir: string): Config | null {
  const path = join(dir, 'alembic.ini')
  const project = join(dir, 'pyproject.toml')
  const own = hasFile(tree, path) ? configparser(textOf(tree, path) ?? '') : null
  const text = hasFile(tree, project) ? (textOf(tree, project) ?? '') : ''
  const shared = text.includes('tool.alembic') ? toml(text) : null
  const ini = (name: string) => own?.get(`alembic.${name}`) ?? own?.get(`DEFAULT.${name}`)
  const value = (name: string): string | undefined => {
    const found = ini(name) ?? shared?.get(`tool.alembic.${name}`)
    return typeof found === 'string' ? replaced(found, ini) : undefined
  }
  if (own === null && value('script_location') === undefined) return null
  const listed = shared?.get('tool.alembic.version_locations')
  const said = value('version_locations')
  const words =
    ini('version_locations') === undefined && typeof listed === 'object'
      ? listed.map(each => replaced(each, ini))
      : said === undefined
        ? []
        : split(said, value('path_separator') ?? value('version_path_separator'))
  const named = [...new Set(words.map(word => place(dir, word)))]
  const versions = named.filter(folder => hasDirectory(tree, folder))
  const location = value('script_location')
  const here = hasFile(tree, join(dir, 'env.py')) ? dir : null
  return {
    path: own === null ? project : path,
    location: location === undefined ? here : place(dir, location),
    versions,
    several: versions.length > 1,
    isWhole: versions.length === named.length,
    url: value('sqlalchemy.url'),
  }
}

/** The folder around several folders. */
export function around(folders: readonly string[]): string {
  const [first = '', ...others] = folders
  const parts = first.split('/')
  const isShared = (end: number) => others.every(each => `${each}/`.startsWith(`${parts.slice(0, end).join('/')}/`))
  let end = parts.length
  while (end > 0 && !isShared(end)) end--
  return parts.slice(0, end).join('/')
}

/** `os` is a colon, except on Windows. */
const separators: ReadonlyMap<string, string> = new Map([
  ['space', ' '],
  ['newline', '\n'],
  [':', ':'],
  [';', ';'],
])

/** Config.get_version_locations_list: without a separator, commas and spaces; a separator that Alembic refuses separates nothing. */
function split(text: string, separator: string | undefined): string[] {
  const mark = separator === 'os' ? (text.includes(';') ? ';' : ':') : separators.get(separator ?? '')
  const words =
    separator === undefined ? text.split(/[ \n]*,[ \n]*|[ \n]+/) : mark === undefined ? [text] : text.split(mark)
  return words.map(word => word.trim()).filter(word => word !== '')
}

/** Values that name others are replaced as configparser does: `%(script_location)s/versions`. The folder of the file is `.`. */
function replaced(text: string, value: (name: string) => string | undefined): string {
  let found = text
  for (let round = 0; round < mostRounds && found.includes('%(') && found.length < 10 * longest; round++) {
    found = found.replace(/%\((\w+)\)s/g, (written, name: string) => {
      const other = name === 'here' ? '.' : value(name.toLowerCase())
      return other === undefined || other.length > longest ? written : other
    })
  }
  return found.replaceAll('%%', '%')
}

const mostRounds = 5

/** No path is longer. */
const longest = 1000

/** `./alembic`, `package.of:migrations` */
function place(dir: string, text: string): string {
  const [, module, below] = /^([\w.]+):(?!\/)(.+)$/.exec(text) ?? []
  return join(dir, module === undefined ? text : `${module.replaceAll('.', '/')}/${below}`)
}
