import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
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
