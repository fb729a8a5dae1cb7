import { codeOf } from '../reading/comment.ts'
import { hasFile, join, parentOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import { lastOf } from './kept.ts'
import { kindOf, ownType } from './kinds.ts'

/**
 * The base classes of a project's own fields, by their source. A class is unknown if it defines its own type or is not plainly a class of
 * fields.
 */
export function fieldClasses(tree: Tree, home: string): (path: string) => string | null {
  const known = new Map<string, string | null>()
  const find = (path: string, levels: number): string | null => {
    const found = known.get(path)
    if (found !== undefined) return found
    // Unknown during the search, because a class may name itself.
    known.set(path, null)
    const made = levels === 0 ? null : extendedBy(tree, home, path, base => find(base, levels - 1))
    known.set(path, made)
    return made
  }
  return path => find(path, 6)
}

/** The class of Django, or of a known package, at the end of a class's line of bases. */
function extendedBy(tree: Tree, home: string, path: string, next: (path: string) => string | null): string | null {
  const module = path.slice(0, path.lastIndexOf('.'))
  const text = moduleText(tree, home, module)
  const name = lastOf(path)
  const start = text === null ? -1 : `\n${text}`.indexOf(`\nclass ${name}(`)
  const close = start < 0 || text === null ? -1 : text.indexOf('):', start)
  if (text === null || close < 0) return null
  const head = text.slice(start + `class ${name}(`.length, close)
  const after = text.slice(close + 2)
  const end = after.search(/^\S/m)
  const body = end < 0 ? after : after.slice(0, end)
  const said = typeSaid(body)
  if (said !== null && !/def (?:rel_db_type|get_internal_type|db_parameters|db_check)\b/.test(body))
    return `${ownType}${said}`
  if (/def (?:db_type|rel_db_type|get_internal_type|db_parameters|db_check|contribute_to_class|__new__)\b/.test(body))
    return null
  const bases = head.split(',').flatMap(each => (each.includes('=') ? [] : each.trim() || []))
  const found = bases.flatMap(base => {
    const own = pathOf(text, module, base)
    return (kindOf({ path: own }) ? own : next(own)) ?? []
  })
  const [only] = found
  // The class may have its own options, too: the lengths in the migration are then the ones that count.
  return found.length === 1 && only !== undefined ? only : null
}

/** The type of `def db_type(self, connection):` with a text and nothing else; null: there is none. */
function typeSaid(body: string): string | null {
  const lines = body.split('\n').map(line => line.trim())
  const at = lines.findIndex(line => line.startsWith('def db_type(self, '))
  const [, type] = /^return ["']([a-z][a-z ]*(?:\(\d+(?:, ?\d+)?\))?)["']$/.exec(lines[at + 1] ?? '') ?? []
  return at < 0 ? null : (type ?? null)
}

function moduleText(tree: Tree, home: string, module: string): string | null {
  const folder = module.replaceAll('.', '/')
  for (const dir of [home, parentOf(home)])
    for (const file of [`${folder}.py`, `${folder}/__init__.py`]) {
      const path = join(dir, file)
      if (hasFile(tree, path)) return codeOf(tree, path)
    }
  return null
}

/** The full path of a name in a module, by its imports: `models.CharField` is `django.db.models.CharField`. */
function pathOf(text: string, module: string, name: string): string {
  const [first = '', ...rest] = name.split('.')
  for (const [, from = '', list = ''] of text.matchAll(/^from ([\w.]+) import (\([^()]*\)|[^\n]*)/gm))
    for (const each of list.replace(/[()\n]/g, ' ').split(',')) {
      const [own = '', as, alias] = each.trim().split(/\s+/)
      if ((as === 'as' ? alias : own) !== first) continue
      const dots = /^\.*/.exec(from)?.[0].length ?? 0
      const above = dots === 0 ? [] : module.split('.').slice(0, -dots)
      const whole = [...above, ...from.slice(dots).split('.'), own, ...rest].filter(part => part !== '')
      return whole.join('.')
    }
  if (text.split('\n').some(line => line.trim() === `import ${first}`)) return name
  return `${module}.${name}`
}
