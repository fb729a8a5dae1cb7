import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import type { ReportedFinding } from '../../src/lint/report.ts'
import { projectsOf } from '../../src/systems/discover.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

// Cases that people reported, by their numbers: the real behaviour of a runner, by its version.

/** The findings about the last migration of the only project in these files. */
async function told(files: Readonly<Record<string, string>>): Promise<ReportedFinding[]> {
  const tree = mapTree(files)
  const [project] = projectsOf(tree, { transaction: () => 'unknown' }).projects
  if (!project) throw new Error('no project')
  const migrations = inputsOf(project, tree)
  const last = project.migrations.at(-1)?.path
  const { findings, internalErrors } = await lint({ migrations, config: {}, report: path => path === last })
  if (internalErrors.length > 0) throw new Error(JSON.stringify(internalErrors))
  return [...findings]
}

/** `error concurrently-in-transaction` for each finding that is not a note, except those about lock_timeout during a build. */
async function said(files: Readonly<Record<string, string>>): Promise<string[]> {
  const all = await told(files)
  const about = all.filter(({ severity, rule }) => severity !== 'note' && rule !== 'timeout-on-concurrent-build')
  return about.map(({ severity, rule }) => `${severity} ${rule}`)
}

const two =
  'SET lock_timeout = \'5s\';\nCREATE INDEX CONCURRENTLY "a_i" ON "Pot"("name");\nCREATE INDEX CONCURRENTLY "b_i" ON "Pot"("size");\n'

function prisma(sql: string, around: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'prisma/migrations/20260101000000_idx/migration.sql': sql,
    ...around,
  }
}

const manifest = (name: string, version: string) => ({
  'package.json': JSON.stringify({ devDependencies: { [name]: version } }),
})

describe('F2: Prisma sends statement by statement from 7.4 on', () => {
  const isNew = manifest('prisma', '7.10.1')

  test('statements that must run outside a transaction succeed', async () => {
    expect(await said(prisma(two, isNew))).toEqual([])
  })

  test.each<[string, Readonly<Record<string, string>>, 'new' | 'old' | 'unknown']>([
    ['exactly', manifest('prisma', '7.4.0'), 'new'],
    ['a range of new ones', manifest('prisma', '^7.4.0'), 'new'],
    ['a range of old ones', manifest('prisma', '~7.3.1'), 'old'],
    ['a range of an older major version', manifest('prisma', '^6.19.0'), 'old'],
    ['a range of both', manifest('prisma', '^7.0.0'), 'unknown'],
    ['a tag', manifest('prisma', 'latest'), 'unknown'],
    ['the client', manifest('@prisma/client', '7.5.0'), 'new'],
    ['nothing', {}, 'unknown'],
    [
      'package-lock.json',
      {
        ...manifest('prisma', '^7.0.0'),
        'package-lock.json': '{"packages":{"node_modules/prisma":{"version":"7.8.0"}}}',
      },
      'new',
    ],
    [
      'package-lock.json of npm 6',
      { ...manifest('prisma', '^7.0.0'), 'package-lock.json': '{"dependencies":{"prisma":{"version":"7.2.0"}}}' },
      'old',
    ],
    [
      'pnpm-lock.yaml',
      {
        ...manifest('prisma', 'catalog:'),
        'pnpm-lock.yaml':
          "lockfileVersion: '9.0'\nimporters:\n  .:\n    devDependencies:\n      prisma:\n        specifier: 'catalog:'\n        version: 7.10.1(typescript@5.9.3)\n",
      },
      'new',
    ],
    [
      'pnpm-lock.yaml of two documents',
      {
        ...manifest('prisma', '^7.0.0'),
        'pnpm-lock.yaml':
          "lockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies:\n      pnpm: { specifier: 11.0.0, version: 11.0.0 }\n---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      prisma: { specifier: ^7.0.0, version: 7.2.0 }\n",
      },
      'old',
    ],
    [
      'yarn.lock',
      {
        ...manifest('prisma', '^7.0.0'),
        'yarn.lock': 'prisma@^6.0.0:\n  version "6.19.0"\n\nprisma@^7.0.0:\n  version "7.10.1"\n  resolved "x"\n',
      },
      'new',
    ],
    [
      'yarn.lock of newer versions',
      { ...manifest('prisma', '^7.0.0'), 'yarn.lock': '"prisma@npm:^7.0.0":\n  version: 7.3.0\n  resolution: "x"\n' },
      'old',
    ],
    [
      'bun.lock',
      {
        ...manifest('prisma', '^7.0.0'),
        'bun.lock': '{"packages": {"prisma": ["prisma@7.10.1", "", {}, "sha512-x"],},}',
      },
      'new',
    ],
  ])('the version is known by %s', async (_, around, is) => {
    const concurrently = (severity: string) => [`${severity} concurrently-in-transaction`]
    const expected = { new: [], old: concurrently('error'), unknown: concurrently('warning') }[is]
    expect([...new Set(await said(prisma(two, around)))]).toEqual(expected)
  })

  test('an unknown version is reported as a condition', async () => {
    const messages = (await told(prisma(two))).map(({ message }) => message)
    expect(messages.filter(text => text.includes('fails'))).toEqual([
      'Building "a_i" concurrently fails where Prisma is older than 7.4, which sends the file as one message.',
      'Building "b_i" concurrently fails where Prisma is older than 7.4, which sends the file as one message.',
    ])
  })

  test('one statement alone runs in every version', async () => {
    expect(await said(prisma('CREATE INDEX CONCURRENTLY a_i ON "Pot" (name);'))).toEqual([])
  })

  test('text that its splitter cannot read is sent as a whole, in every version', async () => {
    const sql = "SET lock_timeout = '5s';\nDROP INDEX CONCURRENTLY a_i;\n"
    for (const around of [isNew, {}])
      expect(await said(prisma(sql, around))).toEqual(['error concurrently-in-transaction'])
  })

  test('a constraint is validated in another transaction', async () => {
    const sql = `ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b (id) NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT f;\n`
    expect(await said(prisma(`SET lock_timeout = '2s';\n${sql}`, isNew))).not.toContain(
      'error validate-in-same-transaction',
    )
  })

  test('SET LOCAL sets nothing', async () => {
    const sql = "SET LOCAL lock_timeout = '2s';\nALTER TABLE a ADD COLUMN b int;\n"
    expect(await said(prisma(sql, isNew))).toContain('warning set-local-outside-transaction')
  })

  test('SAVEPOINT fails', async () => {
    expect(await said(prisma('SAVEPOINT a;\nSELECT 1;\n', isNew))).toEqual(['error certain-failure'])
  })
})

describe('F3: Supabase splits files from 2.109 on', () => {
  const sql = "set lock_timeout = '2s';\ncreate index concurrently t_n2 on public.t (n);\n"
  const drop = "set lock_timeout = '2s';\ndrop index concurrently t_n2;\n"
  const supabase = (text: string, around: Readonly<Record<string, string>>) => ({
    'supabase/config.toml': 'project_id = "x"\n',
    'supabase/migrations/20260101000000_a.sql': text,
    ...around,
  })

  test.each<[string, string | null, string, string[]]>([
    ['CREATE INDEX', '2.108.0', sql, ['error concurrently-in-transaction']],
    ['CREATE INDEX', '2.109.0', sql, []],
    ['CREATE INDEX', '^2.122.0', sql, []],
    ['CREATE INDEX', '^2.100.0', sql, ['warning concurrently-in-transaction']],
    ['CREATE INDEX', null, sql, ['warning concurrently-in-transaction']],
    ['DROP INDEX', '2.115.0', drop, ['error concurrently-in-transaction']],
    ['DROP INDEX', '2.116.0', drop, []],
    ['DROP INDEX', '3.1.0', drop, []],
  ])('%s CONCURRENTLY in %s', async (_, version, text, expected) => {
    expect(await said(supabase(text, version === null ? {} : manifest('supabase', version)))).toEqual(expected)
  })
})

const piece = '\n--> statement-breakpoint\n'

/** Migrations of Drizzle, as lists of pieces. */
function drizzle(...migrations: readonly (readonly string[])[]): Record<string, string> {
  const entries = migrations.map((_, idx) => ({
    idx,
    version: '7',
    when: 1771300000000 + idx,
    tag: `000${idx}_a`,
    breakpoints: true,
  }))
  const files = migrations.map((pieces, i) => [`drizzle/000${i}_a.sql`, pieces.join(piece)])
  return {
    'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }",
    'drizzle/meta/_journal.json': JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    ...Object.fromEntries(files),
  }
}

describe('F7, R1: COMMIT and BEGIN in the runner’s transaction', () => {
  const create = ['CREATE TABLE "a" ("id" bigint PRIMARY KEY, "slug" text);']
  const build = 'CREATE INDEX CONCURRENTLY "a_slug" ON "a" ("slug");'
  const first = ['SELECT 1;']

  test('F7: COMMIT, a statement outside, BEGIN', async () => {
    expect(await said(drizzle(first, ['COMMIT;', build, 'BEGIN;']))).toEqual(['warning commit-in-runner-transaction'])
  })

  test('R1: after COMMIT each piece commits by itself', async () => {
    const sql = [
      "SET lock_timeout = '1s';",
      'ALTER TABLE "a" ADD COLUMN "b" text;',
      'COMMIT;',
      'SET lock_timeout = 0;',
      build,
    ]
    expect(await said(drizzle(first, sql))).toEqual(['warning commit-in-runner-transaction'])
  })

  test('in BEGIN again it fails', async () => {
    expect(await said(drizzle(first, ['COMMIT;', 'BEGIN;', build]))).toContain('error concurrently-in-transaction')
  })

  test('in a piece of several statements it fails', async () => {
    expect(await said(drizzle(first, ['COMMIT;', `SELECT 1; ${build}`]))).toContain('error concurrently-in-transaction')
  })

  test('a later migration may run in the same run, or by itself', async () => {
    const found = await told(drizzle(create, ['COMMIT;'], [build]))
    expect(found.filter(({ severity }) => severity !== 'note').map(({ message }) => message)).toEqual([
      'Building "a_slug" concurrently fails unless a migration of the same run has ended the transaction.',
    ])
  })

  test('the runner commits the transaction that began last', async () => {
    const goose = (text: string) => ({ 'db/00001_a.sql': `-- +goose Up\n${text}\n` })
    expect(await said(goose('SELECT 1;\nCOMMIT;\nSELECT 2;\nBEGIN;\nSELECT 3;'))).toEqual([
      'warning commit-in-runner-transaction',
    ])
    const liquibase = {
      'db/changelog.sql': '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\n',
    }
    expect(await said(liquibase)).not.toContain('error unclosed-transaction')
    const wrapped = { path: 'm/1.sql', content: 'SELECT 1;\nCOMMIT;\nSELECT 2;\nBEGIN;\nSELECT 3;' }
    const { findings } = await lint({ migrations: [wrapped], config: { transaction: 'wrapped' } })
    expect(findings.map(({ rule }) => rule)).not.toContain('unclosed-transaction')
  })

  test('Liquibase’s driver begins again after COMMIT', async () => {
    const text = `--liquibase formatted sql\n--changeset a:1\nSELECT 1;\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON t (a);\n`
    expect(await said({ 'db/changelog.sql': text })).toContain('error concurrently-in-transaction')
  })
})

test('dbmate stops at its own COMMIT if no transaction is open', async () => {
  const messages = async (sql: string) =>
    JSON.stringify(await told({ 'db/migrations/20240101000000_a.sql': `-- migrate:up\n${sql}\n-- migrate:down\n` }))
  const stops = 'dbmate then stops with an error'
  expect(await messages('SELECT 1; COMMIT; SELECT 2;')).toContain(stops)
  for (const sql of ['SELECT 1; COMMIT; BEGIN; SELECT 2;', 'SELECT 1; COMMIT AND CHAIN; SELECT 2;', 'SELECT 1;'])
    expect(await messages(sql)).not.toContain(stops)
})

describe('F17: goose', () => {
  test('the rest of a body that is cut apart is not a statement', async () => {
    const body =
      'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  UPDATE users SET a = 1;\n  RETURN 1;\nEND;\n$$;'
    expect(await said({ 'db/00001_a.sql': `-- +goose Up\n${body}\n` })).toEqual(['error body-cut-apart'])
  })

  test('if the file has the opt-out, the advice differs', async () => {
    const block = 'CREATE INDEX CONCURRENTLY i ON t (a);\nCREATE INDEX CONCURRENTLY j ON t (b);'
    const text = `-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\n${block}\n-- +goose StatementEnd\n`
    const found = (await told({ 'db/00001_a.sql': text })).filter(({ rule }) => rule === 'concurrently-in-transaction')
    expect(found).toHaveLength(2)
    expect(JSON.stringify(found)).not.toContain('first line')
    expect(JSON.stringify(found)).toContain('outside of any StatementBegin block')
  })
})
