import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { migrateLint, project } from '../node/kit/program.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

// One finding for each byte: 6,000 errors in 54,003 lines, or 15 seconds for 50 KB.
test.each([
  ['103 KB of Latin-1', latin1("INSERT INTO t VALUES ('Grüße', 'Köln');\n".repeat(2600)), /looks like ISO 8859-1/],
  [
    '50 KB of nothing that is text',
    Buffer.from(Uint8Array.from({ length: 50_000 }, (_, i) => (i * i * 31 + (i >> 2) * 17) % 256)),
    /this is binary/,
  ],
  ['an archive', gzipSync(Uint8Array.from({ length: 50_000 }, (_, i) => (i * i * 31) % 251)), /this is a gzip archive/],
  [
    'UTF-16 without its mark',
    Buffer.from('DROP TABLE t;\n'.repeat(2000), 'utf16le'),
    /this is UTF-16LE without a byte order mark/,
  ],
  ['NUL characters', Buffer.from('SELECT 1;\0\n'.repeat(5000)), /there are 5000 in the file/],
])('%s is one finding', async (_, content, message) => {
  const cwd = project({
    'migrations/1.sql': 'CREATE TABLE t (a text, b text);',
    'migrations/2.sql': content,
    'migrations/3.sql': 'DROP TABLE t;',
  })
  const { code, stdout, stderr } = await migrateLint(['migrations', '--format', 'json'], { cwd })
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; path: string; message: string }[] }
  const own = findings.filter(({ path }) => path === 'migrations/2.sql')
  expect([stderr, code]).toEqual(['', 1])
  expect(own.map(({ rule }) => rule)).toEqual(['invalid-encoding'])
  expect(own[0]?.message).toMatch(message)
  expect(findings.filter(({ path }) => path === 'migrations/3.sql').map(({ rule }) => rule)).toContain('drop-table')
  // The report is as short as that for people, too.
  const { stdout: text } = await migrateLint(['migrations/2.sql'], { cwd })
  expect(text.split('\n').length).toBeLessThan(40)
})

// They counted as read, with a character in place of each byte that is not text, or without any text.
describe('a file of SQL that a program loads', () => {
  const loads: Readonly<Record<string, (name: string) => Readonly<Record<string, string>>>> = {
    'in TypeScript': name => ({
      'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}',
      'migrations/1700000000001-A.ts': `import { readFileSync } from 'fs'\nexport class A1700000000001 implements MigrationInterface {\n  async up(queryRunner) { await queryRunner.query(readFileSync(__dirname + '/${name}', 'utf8')) }\n}\n`,
    }),
    'in Ruby': name => ({
      'db/migrate/20260101000000_a.rb': `class A < ActiveRecord::Migration[7.1]\n  def up\n    execute File.read(Rails.root.join('migrations/${name}'))\n  end\nend\n`,
    }),
    'in XML': name => ({
      'migrations/db.changelog-master.xml': `<databaseChangeLog><changeSet id="1" author="a"><sqlFile path="${name}"/></changeSet></databaseChangeLog>`,
    }),
  }
  const linted = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    const { code, stdout } = await migrateLint(['.', '--format', 'json'], { cwd: project(files) })
    const { findings, unread = [] } = JSON.parse(stdout) as {
      findings: { rule: string; message: string }[]
      unread?: { why: string }[]
    }
    return { code, rules: findings.map(({ rule }) => rule), whys: unread.map(({ why }) => why), findings }
  }
  for (const [name, program] of Object.entries(loads)) {
    test(`${name}: Latin-1 is one reason, with the place, the number and the encoding, and the rest is read`, async () => {
      const sql = latin1("SELECT 1;\nINSERT INTO t VALUES ('Grüße', 'Köln');\nDROP TABLE later;\n")
      const { whys, rules } = await linted({ ...program('all.sql'), 'migrations/all.sql': sql })
      expect(whys).toEqual([
        expect.stringMatching(
          /^the file "\S*all\.sql" cannot be read as it is \(line 2: invalid byte sequence for UTF-8, in 3 places, .* looks like ISO 8859-1.*\)$/,
        ),
      ])
      expect(rules).toContain('drop-table')
    })

    test(`${name}: what is not text is one reason`, async () => {
      for (const [content, what] of [
        [gzipSync('x'.repeat(100)), /this is a gzip archive/],
        [Buffer.from('DROP TABLE t;\n'.repeat(2000), 'utf16le'), /UTF-16LE without a byte order mark/],
        [Buffer.from('SELECT 1;\0\n'), /NUL character/],
      ] as const) {
        const { whys } = await linted({ ...program('all.sql'), 'migrations/all.sql': content })
        expect(whys).toEqual([expect.stringMatching(what)])
      }
    })
  }

  test('in the encoding that a changelog names for it is read', async () => {
    const sql = latin1("INSERT INTO t VALUES ('Grüße', 'Köln');\nDROP TABLE later;\n")
    const named = (encoding: string) =>
      linted({
        'migrations/db.changelog-master.xml': `<databaseChangeLog><changeSet id="1" author="a"><sqlFile path="all.sql" encoding="${encoding}"/></changeSet></databaseChangeLog>`,
        'migrations/all.sql': sql,
      })
    for (const encoding of ['ISO-8859-1', 'Cp1252']) {
      expect(await named(encoding)).toMatchObject({ whys: [], rules: expect.arrayContaining(['drop-table']) })
    }
    expect((await named('x-unheard-of')).whys).toEqual([expect.stringContaining('"x-unheard-of" is not known')])
    expect((await named('UTF-8')).whys).toEqual([expect.stringContaining('looks like ISO 8859-1')])
  })
})

test('a program with bytes that are not text is one finding, if SQL depends on them', async () => {
  const rails = (inside: string, first = '') => ({
    'db/migrate/20260101000000_a.rb': latin1(
      `${first}class A < ActiveRecord::Migration[7.1]\n  def up\n    ${inside}\n    drop_table :later\n  end\nend\n`,
    ),
  })
  const linted = async (files: Readonly<Record<string, Uint8Array>>) => {
    const { stdout } = await migrateLint(['.', '--format', 'json'], { cwd: project(files) })
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; message: string }[] }
    expect(findings.map(({ rule }) => rule)).toContain('drop-table')
    return findings.filter(({ rule }) => rule === 'invalid-encoding').map(({ message }) => message)
  }
  const insert = `execute "INSERT INTO t VALUES ('Grüße', 'Köln')"`
  expect(await linted(rails(insert))).toEqual([expect.stringMatching(/looks like ISO 8859-1/)])
  expect(await linted(rails(insert, '# encoding: iso-8859-1\n'))).toEqual([])
  expect(await linted(rails('# Grüße'))).toEqual([])
})
