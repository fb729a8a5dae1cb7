import type { Corpus } from '../corpus.ts'
import type { Random } from '../random.ts'
import { bytes } from './bytes.ts'
import { mutated } from './mutate.ts'
import { valid } from './sql.ts'
import { oddName } from './words.ts'

export type Files = Map<string, string | Uint8Array>

/** Lines that mean something in TOML, YAML, JSON, INI, properties, Ruby, Python, PHP, HCL, and the tools' own files. */
const lines = [
  ...[
    '[',
    '[[',
    ']',
    '[a]',
    '[[a]]',
    '[a',
    '[a.b."c"]',
    '["',
    'a = "',
    "a = '''",
    'a = """',
    'a = [',
    'a = {',
    'a = 1',
    'a."b".c = true',
    'a = 1979-05-27',
    '= 1',
    'a.b.c',
  ],
  ...[
    '---',
    '...',
    '- a',
    '  - b: c',
    'a: &x 1',
    'b: *x',
    '<<: *x',
    '!!js/function x',
    'a: |',
    'a: >-',
    '? a',
    ': b',
    '{a: [',
    '%YAML 1.2',
    '\ta: b',
    '"a": b',
    "'a",
  ],
  ...[
    '{',
    '}',
    '{"a":',
    '[1,',
    ',]',
    'null',
    '{"__proto__": {"x": 1}}',
    '{"constructor": null}',
    '[]',
    '{}',
    '"x"',
    '1e999',
    'true',
  ],
  ...[
    '#',
    ';',
    '//',
    '/*',
    '"""',
    "'''",
    '<<~SQL',
    '%w(',
    'def up',
    'end',
    'class A < B',
    'op.execute("""',
    'RunSQL(',
    'atomic = False',
    '<?php',
    '$table->',
    'heredoc <<<SQL',
    'variable "x" {',
    '<databaseChangeLog>',
    '<!ENTITY a "b">',
    '<sql>',
    ']]>',
  ],
  ...[
    '%syntax-version=1.0.0',
    '%project=x',
    'a 2024-01-01T00:00:00Z x <x@y> # z',
    'a [b] 2024-01-01T00:00:00Z x <x@y>',
    '@tag',
    '-a',
    'h1:AAAA=',
    'h1:',
    'x.sql h1:AAAA=',
  ],
  ...['\ufeff', '\0', '\r', '\t\t\t\t\t\t\t\t\t\t\t\t', ' ', ''],
]

/** Text of a tool's file with accidents that such files have. */
export function withAccidents(random: Random, text: string): string {
  const rows = text.split('\n')
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.between(0, rows.length)
    random.pick<() => unknown>([
      () => rows.splice(at, random.between(0, 1), random.pick(lines)),
      () => rows.splice(at, 0, random.pick(lines)),
      () => rows.splice(at, 0, random.pick(lines).repeat(random.size(20, 2000))),
      () => rows.splice(at, random.between(1, 3)),
      () => rows.splice(at, 0, ...rows.slice(at, at + random.between(1, 3))),
    ])()
  }
  const result = rows.join('\n')
  return random.chance(40) ? mutated(random, result) : renamed(random, result)
}

/** Keys and values of the file, changed to odd names. */
function renamed(random: Random, text: string): string {
  const words = text.match(/[\w-]{2,}/g) ?? []
  if (words.length === 0) return text
  const word = random.pick(words)
  return text.replace(word, () => oddName(random))
}

/** A project of a tool with damage in the files that are not SQL: TOML, YAML, JSON, INI, journals, plans, sums. */
export function toolFiles(random: Random, { projects }: Corpus): Files {
  const files: Files = new Map(random.pick(projects).files)
  const others = [...files.keys()].filter(path => !path.endsWith('.sql'))
  for (const path of random.some(1, 2, () => random.pick(others.length > 0 ? others : [...files.keys()]))) {
    files.set(path, withAccidents(random, String(files.get(path) ?? '')))
  }
  return files
}

const manyNames = [
  ...[
    'package.json',
    'Cargo.toml',
    'go.mod',
    'pom.xml',
    'build.gradle',
    'Gemfile',
    'composer.json',
    'mix.exs',
    'pyproject.toml',
    'alembic.ini',
  ],
  ...[
    'atlas.sum',
    'atlas.hcl',
    'sqitch.plan',
    'sqitch.conf',
    'flyway.conf',
    'flyway.toml',
    'refinery.toml',
    'diesel.toml',
    'metadata.toml',
    'config.toml',
    'config.yaml',
    'databases.yaml',
    'dbconfig.yml',
  ],
  ...[
    '_journal.json',
    'migration_lock.toml',
    'ops.json',
    'migration.json',
    '.gmrc',
    'database.json',
    'liquibase.properties',
    'db.changelog-master.yaml',
    'db.changelog.xml',
    'schema.prisma',
    'artisan',
    'manage.py',
    '.env',
    '.sequelizerc',
  ],
  ...[
    '1.sql',
    '01.sql',
    '1.0.sql',
    'V1__a.sql',
    'U1__a.sql',
    'R__a.sql',
    '1_a.up.sql',
    '1_a.down.sql',
    'up.sql',
    'down.sql',
    'deploy',
    'revert',
    'migration.sql',
    'README.md',
    'afterMigrate.sql',
    'V1__a.sql.conf',
  ],
]

/** A project, sometimes with another one in the same place. */
export function wholeTree(random: Random, { projects }: Corpus): Files {
  const files: Files = new Map(random.pick(projects).files)
  if (random.chance(20)) for (const [path, content] of random.pick(projects).files) files.set(path, content)
  return files
}

export function damagedTree(random: Random, corpus: Corpus): Files {
  return damaged(random, corpus, wholeTree(random, corpus))
}

/** A whole tree with files removed, copied, emptied, swapped, moved, renamed and overwritten. */
export function damaged(random: Random, corpus: Corpus, whole: Files): Files {
  const files: Files = new Map(whole)
  for (let left = random.between(1, 6); left > 0; left--) {
    const paths = [...files.keys()]
    const path = random.pick(paths.length > 0 ? paths : ['1.sql'])
    const content = files.get(path) ?? ''
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    random.pick<() => unknown>([
      () => files.delete(path),
      () => files.set(path, ''),
      () => files.set(path, bytes(random, corpus)),
      () => files.set(path, valid(random, corpus)),
      () => files.set(path, mutated(random, String(content))),
      () =>
        files.set(
          `${folder}${random.pick(manyNames)}`,
          random.chance(50) ? valid(random, corpus) : withAccidents(random, String(content)),
        ),
      () => files.set(`${folder}${nameOf(random)}.sql`, content),
      () => files.set(`${folder}${nameOf(random)}/${path.slice(folder.length)}`, content),
      () => {
        const other = random.pick(paths.length > 0 ? paths : ['1.sql'])
        files.set(path, files.get(other) ?? '')
        files.set(other, content)
      },
      () => {
        files.delete(path)
        files.set(mutated(random, path).replaceAll('\0', ''), content)
      },
    ])()
  }
  return withoutClashes(files)
}

/** A name that a file can have. */
function nameOf(random: Random): string {
  return oddName(random)
    .replaceAll(/[/\0]/g, '_')
    .replace(/^\.{0,2}$/, '_')
}

/** A path cannot be both a file and a folder, and cannot have an empty part. */
function withoutClashes(files: Files): Files {
  const folders = new Set(
    [...files.keys()].flatMap(path => path.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))),
  )
  const isPath = (path: string) =>
    !folders.has(path) && path.split('/').every(part => part !== '' && part !== '.' && part !== '..')
  return new Map([...files].filter(([path]) => isPath(path)))
}
