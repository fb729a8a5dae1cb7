import type { Files } from '../../kit/git.ts'
import { type Evil, embedded } from './embedded.ts'

/** The main branch: projects of several tools, each with a migration, and a configuration. */
export const before: Readonly<Record<string, string>> = {
  'migrate-lint.config.json': '{ "baseline": "baseline.json", "secondsPerFile": 20 }',
  'baseline.json': '{ "version": 1, "findings": {} }',
  'compose.yaml': 'services:\n  db:\n    image: postgres:15\n',
  'db/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'drizzle/0000_a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n',
  'drizzle/meta/_journal.json': journal(entry(0, '0000_a')),
  'alembic.ini': '[alembic]\nscript_location = alembic\n',
  'alembic/env.py': 'from alembic import context\n',
  'alembic/versions/a.py': alembic('a', null, 'op.execute("CREATE TABLE b (id bigint PRIMARY KEY)")'),
  'knex/package.json': '{ "dependencies": { "knex": "3" } }',
  'knex/knexfile.js': 'module.exports = { client: "pg" }\n',
  'knex/migrations/20240101000000_a.js': knex("await knex.raw('CREATE TABLE c (id bigint PRIMARY KEY)')"),
  'liquibase/db.changelog-master.xml': changelog('<sql>CREATE TABLE d (id bigint PRIMARY KEY)</sql>', 'a'),
}

function entry(idx: number, tag: string): object {
  return { idx, version: '7', when: 1_700_000_000_000 + idx, tag, breakpoints: true }
}

function journal(...entries: readonly object[]): string {
  return JSON.stringify({ version: '7', dialect: 'postgresql', entries })
}

function alembic(revision: string, down: string | null, body: string): string {
  const quoted = (text: string | null) => (text === null ? 'None' : `"${text}"`)
  return `import os, subprocess\nfrom alembic import op\nrevision = ${quoted(revision)}\ndown_revision = ${quoted(down)}\ndef upgrade():\n    ${body}\n`
}

function knex(body: string): string {
  return `const { execSync } = require('child_process'), fs = require('fs')\nexports.up = async knex => { ${body} }\n`
}

function changelog(content: string, id: string, head = ''): string {
  return `<?xml version="1.0"?>${head}<databaseChangeLog><changeSet id="${id}" author="x">${content}</changeSet></databaseChangeLog>\n`
}

/** A statement that gives a finding, so that each file that was read appears in the report. */
const drop = (name: string) => `DROP TABLE ${name};\n`

/** A plugin, a configuration or a package that runs as soon as somebody loads it. */
function code({ program }: Evil): string {
  return `require('child_process').execFileSync(${JSON.stringify(program)})\n`
}

/** Hidden names, workflow commands, Markdown and HTML: as texts, and as names of files. */
const acts = [
  '::error file=x::injected',
  '##[add-mask]e',
  '::stop-commands::x',
  '%0A::error::injected',
  '```\n</details><script>alert(1)</script>',
  '@acme/everyone #1 <img src=x onerror=alert(1)>',
  '<!-- migrate-lint:report key=default v=1 -->',
  '\u001b[2J\u009b31m\u202e',
]

/**
 * What the stranger's pull request adds and changes, except for its links. Each migration has a finding, if it is read; one has so many of
 * them.
 */
export function change(evil: Evil, manyFindings: number): Files {
  const { program } = evil
  const stars = '*a*a*a*a*a*a*a*ab'
  const deep = (count: number) => `${'['.repeat(count)}${']'.repeat(count)}`
  return {
    ...embedded('db', evil),
    ...embedded('db/inner', evil),
    '.gitattributes': '*.sql diff=x filter=x\n',
    '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::${program}\n\tupdate = !${program}\n`,
    // It switches itself off.
    'migrate-lint.config.json': JSON.stringify({
      extends: ['./off.json', 'acme'],
      startAfter: '999',
      paths: ['empty'],
      ignore: ['**', stars],
      plugins: { acme: './lint/index.cjs' },
      overrides: [{ files: [stars], rules: { 'drop-table': 'off' } }],
      tables: { [stars]: { size: 'small' } },
      failOn: 'never',
    }),
    'off.json': '{ "rules": { "drop-table": "off", "syntax-error": "note", "__proto__": "off" } }',
    'migrate-lint.config.mjs': `import { execFileSync } from 'node:child_process'\nexecFileSync(${JSON.stringify(program)})\n`,
    'package.json': `{ "migrate-lint": { "ignore": ["**"] }, "scripts": { "preinstall": ${JSON.stringify(program)} } }`,
    'lint/index.cjs': code(evil),
    'node_modules/acme/package.json': '{ "main": "index.js" }',
    'node_modules/acme/index.js': code(evil),
    'node_modules/.bin/git': `#!/bin/sh\n${program}\n`,
    'baseline.json': JSON.stringify({
      version: 1,
      findings: {
        'db/2_index.sql': { 'blocking-index-build': { '0': 9 } },
        __proto__: { constructor: { toString: 1 } },
      },
    }),
    // Sizes and servers.
    'migrate-lint-stats.json': `{"schemaVersion":1,"takenAt":"\u001b[2J2999-01-01","server":"16","names":"plain","relations":${deep(50_000)}}`,
    'compose.yaml': `services:\n  db:\n    image: postgres:18\n  x: &x [*x, *x]\n`,
    'compose.bomb.yaml': `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${`*a${i || ''}, `.repeat(9)}]`).join('\n')}\nimage: postgres:9.6\n`,
    'terraform/a.tf': `resource "aws_db_instance" "a" { ${'{'.repeat(50_000)} engine = "postgres" }\n`,
    // Names.
    'db/20_constructor.sql':
      'DELETE FROM constructor;\nDROP TABLE "__proto__";\nALTER TABLE "toString" DROP COLUMN "hasOwnProperty";\n',
    ...Object.fromEntries(
      acts.map((text, i) => [
        `db/21_${i}.sql`,
        `/*\n${text}\n*/ DROP TABLE "${text.replaceAll('"', '').slice(0, 60)}"; --\n${text}\n`,
      ]),
    ),
    'db/22_\n::error::injected.sql': drop('n1'),
    'db/23_##[error]injected.sql': drop('n2'),
    'db/24_\u001b[2J.sql': drop('n3'),
    'db/25_@everyone ![x](x).sql': drop('n4'),
    'db/--fix.sql': drop('n5'),
    [`db/${'a'.repeat(60)}.sql`]: drop('n6'),
    // Bytes, depth, number.
    'db/30_latin1.sql': Buffer.from(`-- ${'é'.repeat(20_000)}\n${drop('l1')}`, 'latin1'),
    'db/31_binary.sql': Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256),
    'db/32_utf16.sql': Buffer.from(`\ufeff${drop('l2')}`, 'utf16le'),
    'db/33_deep.sql': `${drop('l3')}SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)};\n`,
    'db/34_many.sql': 'x;\n'.repeat(manyFindings),
    'db/35_silenced.sql': `-- migrate-lint-disable -- all is well\n-- migrate-lint-disable ${'x'.repeat(300_000)}\n${drop('l4')}`,
    'db/36_psql.sql': `\\! ${program}\n\\i /proc/self/environ\n\\set x \`${program}\`\nCOPY orders FROM PROGRAM '${program}';\n${drop('l5')}`,
    'db/37_cut.down.sql': drop('l6'),
    'circle/a/1.sql': drop('l8'),
    'circle/b/1.sql': drop('l9'),
    'db/38_goose.sql': `-- +goose Up\nSELECT 1;\n-- +goose Down\n${drop('l7')}`,
    // Tools and programs.
    'drizzle/0001_b.sql': drop('a'),
    'drizzle/meta/_journal.json': journal(
      entry(0, '0000_a'),
      entry(1, '../../../../../../etc/passwd'),
      entry(1, '__proto__'),
    ),
    'alembic.ini': `[alembic]\nscript_location = /proc/self\nprepend_sys_path = .\n${'[['.repeat(5_000)}${'\t'.repeat(20_000)}x\n`,
    'alembic/env.py': `import os\nos.system(${JSON.stringify(program)})\n`,
    'alembic/versions/b.py': alembic(
      'b',
      'a',
      `subprocess.run([${JSON.stringify(program)}]); op.execute(open("/proc/self/environ").read()); op.execute("DROP TABLE b")`,
    ),
    'alembic/versions/c.py': alembic('c', 'd', 'op.execute("DROP TABLE b")'),
    'alembic/versions/d.py': alembic('d', 'c', 'op.execute("DROP TABLE b")'),
    'knex/knexfile.js': code(evil),
    'knex/migrations/20240102000000_b.js': knex(
      `execSync(${JSON.stringify(program)}); await knex.raw(fs.readFileSync('/proc/self/environ', 'utf8')); await knex.raw('DROP TABLE c')`,
    ),
    'knex/migrations/20240103000000_c.js': knex('for (;;) await knex.raw("DROP TABLE c")'),
    'liquibase/db.changelog-master.xml': changelog(
      '<sql>DROP TABLE d; &x;</sql>',
      'b',
      '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///proc/self/environ">]>',
    ),
    'refinery.toml': `[["${'\t'.repeat(12_000)}x`,
    'sqitch.plan': `%project=x\n${'a [b] 2024-01-01T00:00:00Z x <x@y>\n'.repeat(2_000)}`,
  }
}

/** What the stranger links, and where that leads; `elsewhere` is a folder outside of the repository. */
export function links(elsewhere: string): Readonly<Record<string, string>> {
  return {
    'db/10_environment.sql': '/proc/self/environ',
    'db/11_elsewhere.sql': `${elsewhere}/2.sql`,
    'db/12_git.sql': '../.git/config',
    'db/13_chain.sql': '../chain.sql',
    'chain.sql': 'far/2.sql',
    far: elsewhere,
    'db/more': elsewhere,
    'db/device.sql': '/dev/zero',
    'compose.test.yaml': `${elsewhere}/2.sql`,
    Dockerfile: '/proc/self/environ',
    'circle/a/x': '../b',
    'circle/a/x2': '../b',
    'circle/b/y': '../a',
    'circle/b/y2': '../a',
    'knex/migrations/20240104000000_d.js': '/proc/self/environ',
    'alembic/versions/e.py': `${elsewhere}/2.sql`,
    'out/report.html': `${elsewhere}/mine`,
    'out/deep': elsewhere,
  }
}
