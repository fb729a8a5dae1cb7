import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lint, lintTree, mapTree, type PartialConfig, projectsOf, readConfig, validateConfig } from '../../src/index.ts'
import { parseBaseline } from '../../src/lint/baseline/baseline-file.ts'
import { migrateLint, project } from '../node/kit/program.ts'
import { hostileRun } from './kit/running.ts'

/**
 * Names that every object of JavaScript inherits, each with a name of the same length and place in the alphabet that nothing has.
 * Anything with the one name must be reported like anything with the other.
 */
const names = [
  ['constructor', 'constructos'],
  ['__proto__', '__protp__'],
  ['toString', 'toStrinh'],
  ['hasOwnProperty', 'hasOwnPropertz'],
  ['valueOf', 'valueOg'],
  ['isPrototypeOf', 'isPrototypeOg'],
  ['propertyIsEnumerable', 'propertyIsEnumerablf'],
  ['toLocaleString', 'toLocaleStrinh'],
  ['__defineGetter__', '__defineGettes__'],
  ['__lookupSetter__', '__lookupSettes__'],
] as const

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is reported, with one name for both, and without what is made of hashes. */
function told(value: unknown, name: string, plain: string): string {
  const text = JSON.stringify(value, (key, item) => {
    if (['fingerprint', 'statement', 'sources', 'rules', 'page'].includes(key)) return undefined
    return item instanceof Map ? [...item] : item
  })
  return [String, (word: string) => word.toLowerCase(), (word: string) => word.toUpperCase()]
    .reduce((all, form) => all.replaceAll(form(plain), form(name)), text)
    .replace(/[A-Za-z0-9+/]{40,}=*/g, '#')
}

async function tellsTheSame(tell: (name: string) => unknown, [name, plain]: readonly [string, string]): Promise<void> {
  const ordinary = await tell(plain)
  const hostile = await tell(name)
  expect(told(hostile, name, plain)).toBe(told(ordinary, name, plain))
}

async function lintOf(content: string, config: PartialConfig): Promise<unknown> {
  const report = await lint({ migrations: [{ path: '1.sql', content }], config })
  expect(report.internalErrors).toEqual([])
  return report
}

describe('names in SQL', () => {
  // One statement or more for each kind of name.
  const statements = [
    'DELETE FROM N; UPDATE N SET a = 1; INSERT INTO N VALUES (1); TRUNCATE N; MERGE INTO N USING o ON true WHEN MATCHED THEN DELETE;',
    'CREATE TABLE N (N int PRIMARY KEY, b N, c N[]); ALTER TABLE N ALTER N TYPE bigint; ALTER TABLE N DROP COLUMN N; DROP TABLE N;',
    'CREATE SCHEMA N; CREATE TABLE N.N (a int); ALTER TABLE N.N SET SCHEMA public; DROP SCHEMA N CASCADE;',
    "CREATE TYPE N AS ENUM ('N'); ALTER TYPE N ADD VALUE 'N2'; ALTER TYPE N RENAME VALUE 'N' TO 'x'; CREATE TABLE t (a N DEFAULT 'N'); ALTER TABLE t ALTER a TYPE text;",
    'CREATE TABLE t (a N); ALTER TABLE t ALTER a TYPE int; CREATE TABLE u (a int); ALTER TABLE u ALTER a TYPE N; ALTER TABLE u ALTER a TYPE N USING a::N;',
    'CREATE DOMAIN N AS int CHECK (VALUE > 0); ALTER DOMAIN N ADD CONSTRAINT N CHECK (VALUE > 1) NOT VALID; CREATE TYPE r AS RANGE (subtype = N);',
    "CREATE FUNCTION N(N int) RETURNS N LANGUAGE sql AS 'SELECT 1'; ALTER TABLE t ADD COLUMN a int DEFAULT N(1); SELECT N(), N.N(); DROP FUNCTION N;",
    "CREATE FUNCTION f() RETURNS int LANGUAGE N AS 'x'; CREATE LANGUAGE N; DO LANGUAGE N 'x'; DO $$ BEGIN PERFORM N(); EXECUTE 'DROP TABLE N'; END $$;",
    'CREATE AGGREGATE N(int) (SFUNC = N, STYPE = N); CREATE CAST (N AS int) WITH FUNCTION N(N); CREATE OPERATOR CLASS N FOR TYPE N USING N AS STORAGE N;',
    'CREATE OPERATOR === (LEFTARG = N, RIGHTARG = N, FUNCTION = N); ALTER TABLE t ADD CHECK (a OPERATOR(N.=) 1); SELECT 1 OPERATOR(N.+) 2;',
    "SET N = 'x'; SET N.N TO N; SET LOCAL N = 1; RESET N; ALTER ROLE N SET N = N; SELECT set_config('N', 'N', true); SHOW N; SET lock_timeout = 'N';",
    'CREATE ROLE N; GRANT N TO N; GRANT SELECT ON N TO N; ALTER TABLE t OWNER TO N; SET ROLE N; CREATE POLICY N ON t TO N; DROP ROLE N;',
    'ALTER TABLE t ADD CONSTRAINT N UNIQUE (N); ALTER TABLE t ADD CONSTRAINT N FOREIGN KEY (N) REFERENCES N (N) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT N; ALTER TABLE t DROP CONSTRAINT N;',
    'CREATE INDEX N ON t (N); CREATE INDEX i ON t USING N (a N) WITH (N = 1); CREATE INDEX CONCURRENTLY N ON N (N COLLATE N); REINDEX INDEX N; DROP INDEX N; ALTER INDEX N SET (N = 1);',
    'CREATE TABLE t (a int) WITH (N = 1, toast.N = 2, N.N = 3); ALTER TABLE t SET (N = 1); ALTER TABLE t ALTER a SET (N = 1); CREATE TABLE u (a int) USING N WITH (N = 1);',
    'CREATE TRIGGER N BEFORE INSERT ON t EXECUTE FUNCTION N(); ALTER TABLE t DISABLE TRIGGER N; CREATE RULE N AS ON INSERT TO t DO ALSO NOTIFY N; CREATE EVENT TRIGGER N ON ddl_command_start EXECUTE FUNCTION N();',
    "CREATE EXTENSION N SCHEMA N VERSION 'N'; ALTER EXTENSION N ADD TABLE N; DROP EXTENSION N; CREATE FOREIGN DATA WRAPPER N; CREATE SERVER N FOREIGN DATA WRAPPER N;",
    'BEGIN; SAVEPOINT N; ROLLBACK TO N; RELEASE N; DECLARE N CURSOR FOR SELECT 1; FETCH N; CLOSE N; COMMIT;',
    'PREPARE N AS SELECT 1; EXECUTE N; DEALLOCATE N; LISTEN N; NOTIFY N; UNLISTEN N; LOCK TABLE N; CLUSTER t USING N; ANALYZE N (N); VACUUM (N) t; VACUUM N;',
    'CREATE COLLATION N (provider = N, locale = N); CREATE TABLE t (a text COLLATE N); ALTER TABLE t ALTER a TYPE text COLLATE N; CREATE TEXT SEARCH CONFIGURATION N (COPY = N);',
    'CREATE SEQUENCE N AS N; ALTER SEQUENCE N OWNED BY N.N; CREATE VIEW N (N) AS SELECT N FROM N N; CREATE MATERIALIZED VIEW N AS SELECT 1; REFRESH MATERIALIZED VIEW N; CREATE STATISTICS N ON N, b FROM t;',
    'CREATE PUBLICATION N FOR TABLE N WITH (N = 1); CREATE SUBSCRIPTION N CONNECTION $$N$$ PUBLICATION N WITH (N = 1); ALTER SYSTEM SET N = 1; CREATE DATABASE N WITH N = 1; CREATE TABLESPACE N LOCATION $$N$$;',
    'CREATE TABLE t (a int) PARTITION BY LIST (a N); CREATE TABLE N PARTITION OF t FOR VALUES IN (N); ALTER TABLE t DETACH PARTITION N CONCURRENTLY; ALTER TABLE t ATTACH PARTITION N DEFAULT;',
    'COMMENT ON TABLE N IS $$N$$; COMMENT ON COLUMN N.N IS NULL; SECURITY LABEL FOR N ON TABLE N IS $$N$$; COPY N (N) FROM stdin WITH (N 1);\n\\.\n',
    'EXPLAIN (N) SELECT 1; CREATE TABLE t (LIKE N INCLUDING ALL); CREATE TABLE t () INHERITS (N); SELECT N FROM t WINDOW N AS (); WITH N AS (SELECT 1) SELECT * FROM N; SELECT $1::N, INTERVAL $$N$$;',
    '-- migrate-lint-disable-next-statement N -- N\nDROP TABLE t;\n-- migrate-lint-disable N\n-- squawk-ignore N\n-- atlas:nolint N\n-- N:N N\nDROP TABLE u;',
    // As one of PostgreSQL's own.
    'CREATE TABLE t (a pg_catalog.N, b pg_catalog.N[]); ALTER TABLE t ALTER a TYPE pg_catalog.N; ALTER TABLE t ALTER a TYPE pg_catalog.numeric; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES N (b);',
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b pg_catalog.N DEFAULT pg_catalog.N(); ALTER TABLE t ADD CHECK (a = $$1$$::pg_catalog.N) NOT VALID; ALTER TABLE t ADD COLUMN c int DEFAULT information_schema.N();',
  ]

  test.each(names)('%s, of every kind, is reported as %s is', async (name, plain) => {
    for (const statement of statements) {
      const written = (word: string) => statement.replace(/\bN\b/g, `"${word}"`).replace(/'"(\w+)"'/g, "'$1'")
      await tellsTheSame(word => lintOf(written(word), { preset: 'all', compat: true }), [name, plain])
      if (name === name.toLowerCase()) {
        const bare = (word: string) => statement.replace(/\bN\b/g, word)
        await tellsTheSame(word => lintOf(bare(word), { preset: 'all', compat: true }), [name, plain])
      }
    }
  })

  const examples = readdirSync(join(root, 'rules')).flatMap(file => {
    if (!file.endsWith('.md')) return []
    const page = readFileSync(join(root, 'rules', file), 'utf8')
    return Array.from(page.matchAll(/^```sql.*\n([\s\S]*?)^```/gm), ([, sql = '']) => sql)
  })

  test('in place of any word of any example of the rules’ pages', async () => {
    expect(examples.length).toBeGreaterThan(300)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...examples),
        fc.nat(),
        fc.constantFrom(...names),
        fc.boolean(),
        async (sql, at, pair, quoted) => {
          const words = [...new Set(sql.match(/[a-z_]\w*/gi) ?? [])]
          const replaced = words[at % words.length] ?? ''
          const written = (word: string) =>
            sql.replace(new RegExp(`\\b${replaced}\\b`, 'g'), quoted ? `"${word}"` : word)
          await tellsTheSame(word => lintOf(written(word), { preset: 'all', compat: true }), pair)
        },
      ),
      { numRuns: 800, seed: 4 },
    )
  })
})

describe('names in the files of tools, and of files and folders', () => {
  const fixtures = readdirSync(join(root, 'fixtures/systems')).map(name => ({ name, files: filesOf(name) }))

  function filesOf(name: string): readonly (readonly [path: string, text: string])[] {
    const folder = join(root, 'fixtures/systems', name)
    return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap(entry => {
      if (!entry.isFile()) return []
      const path = join(entry.parentPath, entry.name)
      return [[path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')] as const]
    })
  }

  async function find(files: readonly (readonly [string, string])[]): Promise<unknown> {
    const tree = mapTree(Object.fromEntries(files))
    const report = await lintTree(tree)
    expect(report.internalErrors).toEqual([])
    const { projects, refused, notices } = await projectsOf(tree, { transaction: () => 'unknown' })
    return [report, refused, notices, projects.map(({ system, directory, because }) => [system.id, directory, because])]
  }

  test.each(fixtures)('in place of any word of $name', async ({ files }) => {
    const settings = files.filter(([path]) => !path.endsWith('.sql'))
    const words = new Set(
      [...settings.map(([, text]) => text), ...files.map(([path]) => path)].flatMap(text => text.match(/\w+/g) ?? []),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...words), fc.constantFrom(...names), async (replaced, pair) => {
        const pattern = new RegExp(`\\b${replaced}\\b`, 'g')
        const written = (word: string) =>
          files.map(([path, text]) => {
            return [path.replace(pattern, word), path.endsWith('.sql') ? text : text.replace(pattern, word)] as const
          })
        await tellsTheSame(word => find(written(word)), pair)
      }),
      { numRuns: 15, seed: 4 },
    )
  })

  test.each(['constructor', '__proto__', 'toString'])(
    '%s is an unknown database, and a folder, in the program',
    async name => {
      const root = project({
        'prisma/schema.prisma': `datasource db {\n  provider = "${name}"\n}\n`,
        'prisma/migrations/migration_lock.toml': `provider = "${name}"\n`,
        'prisma/migrations/20240101000000_a/migration.sql': 'CREATE TABLE a ();\n',
        [`${name}/${name}/1.sql`]: `DELETE FROM ${name};\n`,
      })
      const { code, stdout, stderr } = await migrateLint([], { cwd: root })
      expect(stdout + stderr).not.toMatch(/internal error|tell us/)
      expect(stdout + stderr).toContain(`Prisma migrations for ${name}`)
      expect(code).toBe(2)
      const one = await migrateLint([name], { cwd: root })
      expect([one.code, one.stderr]).toEqual([1, ''])
      expect(one.stdout).toContain(`${name}/${name}/1.sql`)
    },
  )
})

describe('names in the configuration and the baseline', () => {
  test.each(names)('the key %s is refused as %s is, at its place', async (name, plain) => {
    const texts = [
      '{ "N": 1 }',
      '{ "rules": { "N": "off" } }',
      '{ "rules": { "drop-table": ["error", { "N": 1 }] } }',
      '{ "overrides": [{ "files": ["**"], "N": 1, "rules": { "N": "off" } }] }',
      '{ "timeouts": { "N": "file" }, "system": "N", "preset": "N", "failOn": "N" }',
      '{ "tables": { "N": { "size": "small" } }, "systems": { "N": "plain" } }',
      '{ "tables": { "a": { "N": "small" }, "b": { "size": "N" } }, "systems": { "a": "N" } }',
    ]
    for (const text of texts) {
      await tellsTheSame(
        word => {
          const { config, problems } = readConfig(text.replaceAll('N', word))
          return [config, problems]
        },
        [name, plain],
      )
      await tellsTheSame(word => validateConfig(JSON.parse(text.replaceAll('N', word))).problems, [name, plain])
    }
  })

  test.each(names)('a table called %s is as small as the configuration says, and no smaller', async (name, plain) => {
    const sql = 'CREATE INDEX i ON "N" (a); CREATE INDEX j ON other (a);'
    for (const tables of [
      '{}',
      '{ "N": { "size": "small" } }',
      '{ "public.N": { "size": "large" }, "*": { "size": "small" } }',
    ]) {
      await tellsTheSame(
        word => {
          const { config } = readConfig(`{ "tables": ${tables.replaceAll('N', word)} }`)
          return lintOf(sql.replaceAll('N', word), config ?? {})
        },
        [name, plain],
      )
    }
  })

  test.each(names.slice(0, 3))('%s in a baseline', async (name, plain) => {
    const texts = [
      '{ "N": 1 }',
      '{ "version": 1, "N": {}, "findings": { "N": { "N": 1 } } }',
      '[{ "path": "N", "rule": "N", "statement": "N", "count": 1 }]',
    ]
    for (const text of texts) {
      await tellsTheSame(word => parseBaseline(text.replaceAll('N', word)), [name, plain])
    }
    const path = `migrations/${name}.sql`
    const cwd = project({ [path]: `DROP TABLE "${name}";\n` })
    const flags = ['--baseline', 'baseline.json', '--no-config']
    expect((await migrateLint(['migrations', ...flags, '--update-baseline'], { cwd })).code).toBe(0)
    const { code, stderr } = await migrateLint(['migrations', ...flags], { cwd })
    expect([code, stderr]).toEqual([0, ''])
  })
})

test('names that resemble nothing cost no more than their length, however long and many they are', async () => {
  const long = 'x'.repeat(300_000)
  const many = Array.from({ length: 5000 }, (_, i) => `rule-${i}`)
  const sql = `-- migrate-lint-disable ${long}\n-- migrate-lint-disable ${many.join(', ')}\nDROP TABLE orders;\n`
  const linted = await hostileRun(['db'], project({ 'db/1.sql': sql }))
  expect(linted.stdout).toContain('drop-table')
  expect(linted.stdout).not.toContain('beyond-limits')
  for (const names of [[long], many]) {
    const config = JSON.stringify({ rules: Object.fromEntries(names.map(name => [name, 'off'])) })
    const { code, stderr } = await hostileRun(
      ['db'],
      project({ 'db/1.sql': 'SELECT 1;\n', 'migrate-lint.config.json': config }),
    )
    expect(code).toBe(2)
    expect(stderr).toContain('migrate-lint.config.json:1:')
  }
})
