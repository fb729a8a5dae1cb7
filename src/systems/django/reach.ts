/** What functions reach that the code of a migration imports, by their paths. */

/**
 * Everything else that a migration imports reads and writes rows, unless it gets the schema editor or a cursor, or is called by what it does to
 * tables: `from .sql import create_triggers`, `call_command('migrate')`. Signals too: a receiver of `post_migrate` runs after all migrations.
 */
const changesTables =
  /(?:sql|ddl|schema|table|index|column|constraint|partition|trigger|sequence|extension|database|connection|cursor|migrat|call_command|execute|subprocess)/i

/** Modules that reach no database: those of Python itself, those of Django and of well-known packages that only make values, and operators. */
const harmless =
  /^(?:\.__\w+__|django\.(?:apps\.apps\.get_app_configs?|conf|contrib\.(?:auth\.(?:hashers|get_permission_codename)|postgres\.(?:aggregates|functions|search))|core\.(?:exceptions|management\.color|serializers\.json|validators)|db\.(?:models|migrations|transaction|utils)|forms|template\.defaultfilters|utils)(?:\.|$)|(?:babel|base64|collections|copy|datetime|dateutil|decimal|django_countries|dj_email_url|enum|functools|graphene|hashlib|html|itertools|json|logging|markdown|math|operator|os|pathlib|phonenumbers|prices|pytz|random|re|secrets|slugify|string|sys|textwrap|time|typing|unicodedata|urllib|urllib3|uuid|warnings|zoneinfo)(?:\.|$))/

/** Makes values, and reaches no database. */
export function isHarmless(path: string): boolean {
  return harmless.test(path) && !path.startsWith('django.db.models.signals.')
}

/** Reaches the rows of a database at most. */
export function usesRows(path: string): boolean {
  return isHarmless(path) || path.startsWith('django.db.models.') || !changesTables.test(path)
}
