import { codeOf } from './comment.ts'
import { baseName, join, namesIn, parentOf, upwards } from './files.ts'
import { dependencyAbove } from './manifest.ts'
import { type Settings, settingsAt } from './program-settings.ts'
import type { Tree } from './tree.ts'

/** A program of the project in which it may set its tool up. */
export interface Setup {
  readonly path: string
  readonly settings: Settings
}

/** Words in the names of such files, and whole names of them. */
const words = [
  'knex',
  'kysely',
  'typeorm',
  'mikro',
  'sequelize',
  'datasource',
  'database',
  'ormconfig',
  'migrat',
  'connect',
]
const names = new Set(['db', 'config', 'client', 'index', 'orm'])
const folders = new Set([
  'src',
  'db',
  'database',
  'databases',
  'config',
  'lib',
  'server',
  'kysely',
  'knex',
  'utils',
  'scripts',
])
const most = 60

/**
 * The programs near the migrations that name the package of their tool, the nearest first: those of the folders above them up to the one with the
 * package's manifest, and of the folders for databases in these. At most sixty are looked at.
 */
export function setupsOf(tree: Tree, directory: string, tool: string): readonly Setup[] {
  const home = dependencyAbove(tree, directory, 'package.json', tool)?.directory ?? parentOf(directory)
  const above = upwards(parentOf(directory)).filter(dir => dir.startsWith(home))
  const below = above.flatMap(dir =>
    namesIn(tree, dir, 'directory').flatMap(name =>
      folders.has(name) ? [join(dir, name), ...inFolders(tree, join(dir, name))] : [],
    ),
  )
  const paths = [...new Set([...above, ...below])].flatMap(dir =>
    namesIn(tree, dir)
      .filter(isSetup)
      .map(name => join(dir, name)),
  )
  return paths.slice(0, most).flatMap(path => {
    const text = codeOf(tree, path) ?? ''
    const settings = text.includes(tool) || baseName(path).toLowerCase().includes(tool) ? settingsAt(tree, path) : null
    return settings ? [{ path, settings }] : []
  })
}

function isSetup(name: string): boolean {
  const stem = name.toLowerCase().replace(/\.[cm]?[jt]sx?$/, '')
  if (stem.length === name.length || stem.endsWith('.d')) return false
  const letters = stem.replace(/[^a-z]/g, '')
  return names.has(stem.split('.')[0] ?? '') || words.some(word => letters.includes(word))
}

function inFolders(tree: Tree, dir: string): string[] {
  return namesIn(tree, dir, 'directory').flatMap(name => (folders.has(name) ? [join(dir, name)] : []))
}
