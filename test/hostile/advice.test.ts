import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quotedText, template } from '../../src/code/spelling/javascript.ts'
import { shellWord } from '../../src/code/spelling/shell.ts'
import { migrateLint, project } from '../node/kit/program.ts'

/**
 * Advice is copied into programs and command lines. Names and texts of a stranger must stay names and texts there: people who follow the advice
 * must not run what the stranger wrote.
 */

interface Finding {
  readonly rule: string
  readonly help: string
}

async function findingsIn(cwd: string): Promise<readonly Finding[]> {
  const { stdout, stderr } = await migrateLint(['--format', 'json', '.'], { cwd })
  expect(stderr).not.toMatch(/internal error/i)
  return (JSON.parse(stdout) as { findings: Finding[] }).findings
}

const marker = 'advice-ran'

const revision = (id: string, parent: string | null) => `from alembic import op
revision = ${JSON.stringify(id)}
down_revision = ${JSON.stringify(parent)?.replace('null', 'None')}
def upgrade():
    op.execute("SELECT 1")
`

test
  .skipIf(process.platform === 'win32')
  .each([`$(touch ${marker})`, `; touch ${marker} #`, `\`touch ${marker}\``, `' ; touch ${marker} ; '`])(
  'a command that names a revision %j runs nothing else',
  async id => {
    const cwd = project({
      'alembic.ini': '[alembic]\nscript_location = db\n',
      'db/env.py': '',
      'db/versions/a.py': `${revision('a1', null)}branch_labels = ('shop',)\n`,
      'db/versions/b.py': revision('b1', 'a1'),
      'db/versions/c.py': revision(id, 'a1'),
    })
    const [help] = (await findingsIn(cwd)).flatMap(each => (each.help.includes('alembic merge') ? [each.help] : []))
    const [, command] = help?.match(/Join them by `(alembic merge [\s\S]*)`, and commit/) ?? []
    expect(command).toContain('alembic merge ')
    // A reader copies it, line ends included.
    const folder = join(cwd, 'shell')
    mkdirSync(join(folder, 'bin'), { recursive: true })
    writeFileSync(join(folder, 'bin/alembic'), '#!/bin/sh\n', { mode: 0o755 })
    execFileSync('/bin/sh', ['-c', command ?? ''], {
      cwd: folder,
      env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    })
    expect(existsSync(join(folder, marker))).toBe(false)
  },
)

test('a word of a command line is one word, whatever it is', { timeout: 60_000 }, () => {
  if (process.platform === 'win32') return
  const part = fc.constantFrom(
    "'",
    '"',
    '$',
    '`',
    '(',
    ')',
    ';',
    '&',
    '|',
    '\n',
    '\\',
    ' ',
    '*',
    '~',
    '#',
    '!',
    'a',
    '-',
    '{a,b}',
    'ü',
  )
  const words = fc.sample(fc.array(part, { minLength: 1, maxLength: 8 }), 300).map(parts => parts.join(''))
  const script = `for word in ${words.map(shellWord).join(' ')}; do printf '%s\\0' "$word"; done`
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words)
})

test('a text in a program in JavaScript is one text, whatever it is', () => {
  const part = fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    '${',
    '}',
    '$',
    '{',
    '\n',
    '\u2028',
    '*/',
    '//',
    '<!--',
    'a',
    '\\u0027',
    '\\x60',
  )
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 10 }).map(parts => parts.join('')),
      text => {
        expect(runInNewContext(`[${quotedText(text)}, ${template(text)}].join('\\0')`)).toBe(`${text}\0${text}`)
      },
    ),
    { numRuns: 2000 },
  )
})

// The lookup of a condition in Django is a named argument: code, and not a text.
test('the name of a field is not code in advice for Django', async () => {
  const name = `a__isnull=False), __import__('os').system('touch ${marker}'), models.Q(a`
  const cwd = project({
    'manage.py': '',
    'shop/__init__.py': '',
    'shop/migrations/__init__.py': '',
    'shop/migrations/0001_a.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel('Thing', [('id', models.AutoField(primary_key=True)), (${JSON.stringify(name)}, models.IntegerField(db_column='b', null=True))], options={'db_table': 't'}),
    ]
`,
    'shop/migrations/0002_b.py': `from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [('shop', '0001_a')]
    operations = [migrations.RunSQL('ALTER TABLE t ALTER COLUMN b SET NOT NULL')]
`,
  })
  const [found] = (await findingsIn(cwd)).filter(({ rule }) => rule === 'set-not-null')
  expect(found?.help).toContain('b IS NOT NULL')
  expect(found?.help).not.toContain('__import__')
})

test('a name in a change set in YAML stays a text', async () => {
  const cwd = project({
    'changelog.yaml': `databaseChangeLog:
  - changeSet:
      id: 1
      author: a
      changes:
        - addNotNullConstraint:
            tableName: "no"
            columnName: "null"
`,
  })
  const [found] = await findingsIn(cwd)
  expect(found?.help).toContain('columnName: "null"')
  expect(found?.help).not.toMatch(/Name: (?:no|null)$/m)
})
