/** The names in a migration, as far as its words show them: in SQL, and in the languages of the tools. */
export interface Names {
  /** Names of tables, views and indexes that it creates, changes or fills. */
  readonly objects: ReadonlySet<string>
  /** All names in it, without the words that every migration has. */
  readonly all: ReadonlySet<string>
}

/**
 * Words before the name of an object, or words that end like them: `CREATE TABLE`, `create_table`, `createTable`,
 * `CreateModel`.
 */
const MAKING = /(?:table|view|index|sequence|schema|domain|extension|policy|trigger|function|procedure|model|into)$/

const wordSet = (words: string) => new Set(words.split(' '))

const between = wordSet('if not exists only concurrently name public create drop dropifexists rename')

/** Words of SQL that say nothing about the subject of a migration, and those with which every migration of a tool begins. */
const common = wordSet(
  [
    'add all alter always and as asc begin bigint bigserial boolean by cascade char character check column commit concurrently constraint create',
    'current_timestamp date default delete desc do drop each else end execute exists false for foreign from function generated grant identity if in',
    'index insert int integer into is json jsonb key language materialized name no not now null numeric on only or owner primary public references',
    'rename replace restrict returns schema select serial set smallint sql table text then time timestamp timestamptz to true type unique update',
    'using uuid values varchar varying view where with without zone',
    'activerecord alembic async autofield await branch_labels bigautofield bigincrements blueprint boolfield change charfield class def depends_on',
    'dependencies django down down_revision downgrade exports export extends fields function id implements import integer knex migration migrations',
    'migrationinterface models module none nullable op operations pass primary_key promise public query queryrunner return revision sa self sqlalchemy',
    'sqlmigration string typeorm up upgrade use void',
  ].join(' '),
)

export function namesIn(text: string): Names {
  const words = [...text.matchAll(/\w+/g)].map(([word]) => word.toLowerCase())
  const objects = new Set<string>()
  for (const [i, word] of words.entries()) {
    if (!MAKING.test(word)) continue
    const name = words.slice(i + 1, i + 6).find(next => !between.has(next))
    if (name !== undefined && !common.has(name)) objects.add(name)
  }
  return { objects, all: new Set(words.filter(word => !common.has(word))) }
}

/** From 0 to 1: the share of two sets that is in both; 1 if both are empty. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 1
  return (2 * [...a].filter(word => b.has(word)).length) / (a.size + b.size)
}
