import { hasFile, join, textOf, upwards } from '../reading/files.ts'
import { json, record } from '../reading/manifest.ts'
import type { Tree } from '../reading/tree.ts'
import { plural } from './plural.ts'

/** The facts about an Eloquent model that migrations use (Illuminate\Database\Eloquent\Model). */
export interface Model {
  readonly table: string
  readonly key: string
  readonly keyType: 'int' | 'uuid' | 'ulid'
  readonly isIncrementing: boolean
  /** The column that refers to it: `user_id`. */
  readonly foreignKey: string
}

/** The models of the project that a folder belongs to, by their full names. */
export function modelsOf(tree: Tree, dir: string): (name: string) => Model | null {
  const known = new Map<string, Model | null>()
  let folders: readonly (readonly [string, string])[] | null = null
  return name => {
    const found = known.get(name)
    if (found !== undefined) return found
    folders ??= foldersOf(tree, dir)
    const model = modelIn(classesOf(tree, folders, name), name)
    known.set(name, model)
    return model
  }
}

/** The texts of a class and its base classes, up to one of Laravel's own; null: one of them does not exist. */
function classesOf(tree: Tree, folders: readonly (readonly [string, string])[], name: string): string[] | null {
  const texts: string[] = []
  for (let next = name; texts.length < 8; ) {
    if (/^Illuminate\\|(?:^|\\)(?:Model|Authenticatable|Pivot|MorphPivot)$/.test(next) && texts.length > 0) {
      if (next.startsWith('Illuminate\\')) return texts
    }
    const text = textOfClass(tree, folders, next)
    if (text === null) return null
    texts.push(text)
    const parent = /\bclass\s+\w+\s+extends\s+(\\?[\w\\]+)/.exec(text)?.[1]
    if (parent === undefined) return null
    next = fullName(text, parent)
  }
  return null
}

function textOfClass(tree: Tree, folders: readonly (readonly [string, string])[], name: string): string | null {
  for (const [prefix, folder] of folders) {
    if (!name.startsWith(prefix)) continue
    const path = join(folder, `${name.slice(prefix.length).replaceAll('\\', '/')}.php`)
    if (hasFile(tree, path)) return textOf(tree, path)
  }
  return null
}

/** The full name of a class that a name in a file stands for. */
function fullName(text: string, name: string): string {
  if (name.startsWith('\\')) return name.slice(1)
  const [first = name, ...rest] = name.split('\\')
  for (const [, full = '', alias] of text.matchAll(/^use\s+([\w\\]+)(?:\s+as\s+(\w+))?\s*;/gm))
    if ((alias ?? full.split('\\').at(-1)) === first) return [full, ...rest].join('\\')
  const namespace = /^namespace\s+([\w\\]+)\s*;/m.exec(text)?.[1]
  return namespace === undefined ? name : `${namespace}\\${name}`
}

function modelIn(texts: readonly string[] | null, name: string): Model | null {
  if (texts === null) return null
  const said = (pattern: RegExp) => texts.map(text => pattern.exec(text)?.[1]).find(each => each !== undefined)
  const base = name.split('\\').at(-1) ?? name
  const key = said(/\$primaryKey\s*=\s*['"](\w+)['"]/) ?? 'id'
  const traits = texts.flatMap(text =>
    [...text.matchAll(/\buse ([\w\\, ]{1,300})[;{]/g)].map(([, names = '']) => names),
  )
  const keys = traits.flatMap(names => names.split(/[\\, ]+/)).filter(each => /uuid|ulid|snowflake/i.test(each))
  // Traits from outside of Laravel may define other keys.
  if (keys.some(each => !/^Has(?:Version[47])?Uuids$|^HasUlids$/.test(each))) return null
  const ofTrait = keys.includes('HasUlids') ? 'ulid' : keys.length > 0 ? 'uuid' : null
  const isText = said(/\$keyType\s*=\s*['"](\w+)['"]/) === 'string'
  return {
    table: said(/\$table\s*=\s*['"]([\w.]+)['"]/) ?? tableOf(base),
    key,
    keyType: ofTrait ?? (isText ? 'uuid' : 'int'),
    isIncrementing: ofTrait === null && said(/\$incrementing\s*=\s*(false)\b/) === undefined,
    foreignKey: `${snake(base)}_${key}`,
  }
}

/** Str::snake(Str::pluralStudly(…)): only the last word becomes plural. */
function tableOf(name: string): string {
  const words = name.split(/(?=[A-Z])/)
  const last = words.pop() ?? ''
  return snake([...words, plural(last)].join(''))
}

/** Str::snake */
function snake(name: string): string {
  return /^[a-z]+$/.test(name) ? name : name.replace(/(.)(?=[A-Z])/g, '$1_').toLowerCase()
}

/** Namespaces and their folders: `autoload` of composer.json, the longest first. */
function foldersOf(tree: Tree, dir: string): readonly (readonly [string, string])[] {
  for (const above of upwards(dir)) {
    const path = join(above, 'composer.json')
    if (!hasFile(tree, path)) continue
    const autoload = record(json(textOf(tree, path) ?? '').autoload) ?? {}
    const pairs = Object.entries(record(autoload['psr-4']) ?? {}).flatMap(([prefix, folder]) =>
      typeof folder === 'string' ? [[prefix, join(above, folder.replace(/\/$/, ''))] as const] : [],
    )
    return [...pairs, ['App\\', join(above, 'app')] as const].sort(([a], [b]) => b.length - a.length)
  }
  return []
}
