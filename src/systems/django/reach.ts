import type { Beside } from '../../code/beside.ts'
import { inTree } from '../../code/path.ts'

/** What functions reach that the code of a migration imports, by their paths. */

/** Parts of Django that change tables, by their names: `call_command('migrate')`, `django.db.connection`. */
const changesTables =
  /(?:sql|ddl|schema|table|index|column|constraint|partition|trigger|sequence|extension|database|connection|cursor|migrat|call_command|execute)/i

/** What code has that sends SQL of its own or changes tables: a cursor, the schema editor, a connection. */
const sendsSql = /\b(?:cursor|schema_editor|RunSQL|call_command|subprocess|connections?[.[]|execute(?:many|script)?\()/

/** Modules that reach no database: those of Python itself, those of Django and of well-known packages that only make values, and operators. */
const harmless =
  /^(?:\.__[a-z]+__|django\.(?:apps\.apps\.get_app_configs?|conf|contrib\.(?:auth\.(?:hashers|get_permission_codename)|postgres\.(?:aggregates|functions|search))|core\.(?:exceptions|management\.color|serializers\.json|validators)|db\.(?:models|migrations|transaction|utils)|forms|template\.defaultfilters|utils)(?:\.|$)|(?:babel|base64|collections|copy|datetime|dateutil|decimal|django_countries|dj_email_url|enum|functools|graphene|hashlib|html|itertools|json|logging|markdown|math|operator|os|pathlib|phonenumbers|prices|pytz|random|re|secrets|slugify|string|sys|textwrap|time|typing|unicodedata|urllib|urllib3|uuid|warnings|zoneinfo)(?:\.|$))/

/** Makes values, and reaches no database. */
export function isHarmless(path: string): boolean {
  return harmless.test(path) && !path.startsWith('django.db.models.signals.')
}

/**
 * Reaches the rows of a database at most. What a migration imports of the project is judged by the text of its file, because a function whose
 * name is harmless may open a cursor; what is not found there may do anything. Of Django, names tell.
 */
export function usesRows(path: string, beside: Beside | null): boolean {
  if (isHarmless(path)) return true
  if (path.startsWith('django.')) return path.startsWith('django.db.models.') || !changesTables.test(path)
  const text = beside && moduleOf(path, beside)
  return text !== null && !sendsSql.test(text)
}

/** The deepest module, in folders below the root of a project. */
const deepest = 12

/** The text of the module of the project that defines what a path leads to; null: there is none, or it is imported there from another one. */
function moduleOf(path: string, beside: Beside): string | null {
  const parts = path.split('.').filter(part => part !== '')
  const dots = path.search(/[^.]/)
  for (const root of dots <= 0 ? rootsOf(beside.path) : [inTree(beside.path, '../'.repeat(dots - 1) || '.')])
    for (let i = Math.min(parts.length, deepest); root !== null && i > 0; i--) {
      const file = [...(root === '' ? [] : [root]), ...parts.slice(0, i)].join('/')
      const text = beside.textOf(`${file}.py`) ?? beside.textOf(`${file}/__init__.py`)
      if (text !== null) return defines(text, parts[i]) ? text : null
    }
  return null
}

/** The folders above a file, the nearest first: one of them has the packages of the project. */
function rootsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, parts.length - 1 - i).join('/')).slice(0, deepest)
}

function defines(text: string, name: string | undefined): boolean {
  if (name === undefined) return true
  return text.split('\n').some(line => {
    const [, defined = ''] = /^(?:async[ \t]+)?(?:def[ \t]+|class[ \t]+)?(\w+)/.exec(line) ?? []
    return defined === name
  })
}
