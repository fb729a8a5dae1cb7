import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { grammarPath } from '../../scripts/grammars.mjs'
import { loadGrammar, ParserFailed, programOf, useGrammars } from '../../src/code/grammar.ts'
import { lintTree, mapTree } from '../../src/index.ts'
import { coverage } from '../../src/lint/unread.ts'
import { temporary } from '../kit/git.ts'
import { migrateLint, project } from '../node/kit/program.ts'
import { type Language, languages } from './kit/programs.ts'

// The same attacks in every language that migrations are read in: nothing crashes, nothing goes on for ever, nothing runs; one line tells
// the unread part, and the migration after it is judged.

useGrammars(async name => new Uint8Array(await readFile(grammarPath(name))))

type Program = string | { readonly body: string; readonly before: string }

async function linted(language: Language, program: Program) {
  const { body, before } = typeof program === 'string' ? { body: program, before: '' } : program
  const report = await lintTree(mapTree(language.project(body, before)))
  expect(report.internalErrors).toEqual([])
  expect(report.findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('later'))
  return report
}

const deep = 20_000
const lines = (...all: readonly string[]) => all.join('\n')
const many = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i))
const plus = ({ name }: Language) => (name === 'PHP' ? '.' : name === 'Elixir' ? '<>' : '+')
const assign = ({ name, variable }: Language, to: string, value: string) =>
  `${variable(to)} = ${value}${/^(?:PHP|C#|Java)$/.test(name) ? ';' : ''}`

/** What is read in part, or not at all, and told once. Null: the language has nothing like it. */
const told: readonly (readonly [string, (language: Language) => Program | null])[] = [
  ['parentheses in one another', of => of.send(`${'('.repeat(deep)}${of.text('a')}${')'.repeat(deep)}`)],
  [
    'lists in one another',
    of => {
      const [open, close] = of.list(['§']).split('§')
      return of.send(`${open?.repeat(deep)}${of.text('a')}${close?.repeat(deep)}`)
    },
  ],
  ['calls in one another', of => of.send(`${'f('.repeat(deep)}${')'.repeat(deep)}`)],
  ['a chain of members', of => of.send(`${of.text('a')}${'.b()'.repeat(deep)}`)],
  ['signs before a number', of => of.send(`${'- '.repeat(deep)}1`)],
  [
    'a list of the same lists, four times over, for a function of another file',
    of =>
      lines(
        of.set('a0', of.list(many(1000, () => '1'))),
        ...many(4, i => of.set(`a${i + 1}`, of.list(many(1000, () => of.variable(`a${i}`))))),
        of.call('foreign', of.variable('a4')),
        of.send('foreign()'),
      ),
  ],
  [
    'a list that holds itself',
    of =>
      of.push &&
      lines(
        of.set('a', of.list(['1'])),
        of.push(of.variable('a'), of.variable('a')),
        of.send(`${of.text('')} ${plus(of)} ${of.variable('a')}`),
      ),
  ],
  [
    'a list that doubles',
    of =>
      of.both &&
      lines(
        of.set('a', of.list(['1', '2'])),
        ...many(60, () => assign(of, 'a', of.both?.(of.variable('a'), of.variable('a')) ?? '')),
        of.send('foreign()'),
      ),
  ],
  [
    'a text that doubles',
    of =>
      lines(
        of.set('a', of.text('SELECT 1;')),
        ...many(60, () => assign(of, 'a', `${of.variable('a')} ${plus(of)} ${of.variable('a')}`)),
        of.send(of.variable('a')),
      ),
  ],
  [
    'thousands of unknown values, between a million quotes',
    of => of.send(many(10_000, () => `foreign() ${plus(of)} ${of.text("'' ".repeat(100))}`).join(` ${plus(of)} `)),
  ],
  ...['|', '<<', '%', '&&', '==', '??', 'and'].map(
    sign =>
      [
        `20,000 times ${sign}`,
        (of: Language) => lines(of.send('foreign()'), of.send(many(deep, () => 'x').join(` ${sign} `))),
      ] as const,
  ),
  ['loops in one another', of => of.repeat(9999, of.repeat(9999, lines(of.repeat(9999, 'foreign()'), of.send('x'))))],
  ['broken syntax', of => lines(of.send(of.text('SELECT 1')), 'if ( [ { (((')],
  ['a text without an end', of => of.send('"aaaa')],
  ['characters that no program has', of => `\u0001\u0002\ufffd\u0000 ${of.text('\u0000')}`],
]

describe.each(languages.map(each => [each.name, each] as const))('%s', (_, of) => {
  test('is read', async () => {
    const report = await linted(of, of.send(of.text('DROP TABLE first')))
    expect(coverage(report)).toMatchObject({ readInPart: 0, notRead: 0 })
    expect(report.findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('first'))
  })

  test.each(told.filter(([, make]) => make(of) !== null))('%s', async (_, make) => {
    const { readInPart, notRead } = coverage(await linted(of, make(of) ?? ''))
    expect(readInPart + notRead).toBe(1)
  })

  test('a text of 4 MB is read', async () => {
    const report = await linted(of, of.send(of.text(`SELECT '${'x'.repeat(4_000_000)}'`)))
    expect(coverage(report)).toMatchObject({ readInPart: 0, notRead: 0 })
  })

  test('a file of more than 5 MB is one line', async () => {
    const report = await linted(of, of.send(of.text('x'.repeat(5_100_000))))
    expect(report.unread).toMatchObject([{ path: of.path, extent: 'migration', why: 'it is too large' }])
  })

  test('a text of which each letter is replaced, and cut apart', async () => {
    const cuts = [
      `${of.text('a'.repeat(2_000_000))}.replaceAll("a", "b")`,
      `${of.text('a'.repeat(2_000_000))}.replace("a", "b")`,
      `${of.text('a'.repeat(2_000_000))}.gsub("a", "b")`,
      `String.replace(${of.text('a'.repeat(900_000))}, "a", "b")`,
      `${of.text('a'.repeat(2_000_000))}.split("a")`,
    ]
    for (const cut of cuts) await linted(of, lines(of.send(cut), of.send('foreign()')))
  })
})

describe('deep indentation in Python', () => {
  const [python] = languages.filter(({ name }) => name === 'Python')
  if (!python) throw new Error('there is no Python')
  // At 504 levels and more, the grammar writes outside of its memory; that is fatal if a few of the levels are narrower than the others.
  const before = lines('if foo():', ' if foo():', '  if foo():', '   if foo():', '')
  const levels = 520
  const level = (i: number) => ' '.repeat(i + 4)
  const last = lines('', `${level(levels)}op.execute("x")`)
  const ways: Readonly<Record<string, string>> = {
    spaces: many(levels, i => `${level(i)}if foo():`).join('\n'),
    'spaces behind form feeds': many(levels, i => `${' '.repeat(2000 - i)}\f${level(i)}if foo():`).join('\n'),
    'spaces behind carriage returns': many(levels, i => `${' '.repeat(2000 - i)}\r${level(i)}if foo():`).join('\n'),
    'spaces before vertical tabs': many(levels, i => `${level(i)}\vif foo():`).join('\n'),
    'lines that go on in the next line': many(
      levels,
      i => `${' \\\n'.repeat(i % 100)}${'  \\\n'.repeat(50 * Math.floor(i / 100))}    if foo():`,
    ).join('\n'),
    'narrow lines in parentheses': many(levels, i => `${level(i)}if (\n x):`).join('\n'),
    'narrow lines in texts': many(levels, i => `${level(i)}if """\n x""":`).join('\n'),
    'narrow comments': many(levels, i => `${level(i)}if foo():\n # x`).join('\n'),
  }

  test.each(Object.entries(ways))('%s', async (_, way) => {
    const path = python.path
    const files = { ...python.project(''), [path]: `revision = 'a'\ndown_revision = None\n${before}${way}${last}` }
    const report = await lintTree(mapTree(files))
    expect(report.internalErrors).toEqual([])
    expect(report.unread).toMatchObject([{ path, why: 'its lines are indented too deeply' }])
    // The guard is what keeps the grammar from failing: without it, this text makes it fail, and the memory is restored.
    await loadGrammar('python')
    expect(() => programOf('python', files[path] ?? '', () => {})).toThrow(ParserFailed)
    expect(programOf('python', 'def upgrade():\n    pass\n', () => {})?.broken).toEqual([])
    await linted(python, python.send(python.text('DROP TABLE first')))
  })

  test('a line that is wider than the grammar can count', async () => {
    const report = await linted(python, lines('if foo():', `${'\t'.repeat(8192)}op.execute("x")`))
    expect(report.unread).toMatchObject([{ path: python.path, why: 'its lines are indented too deeply' }])
  })

  test('a hundred levels are read', async () => {
    const deeper = many(97, i => `${' '.repeat(i)}if foo():`).join('\n')
    const report = await linted(python, lines(deeper, `${' '.repeat(97)}op.execute("DROP TABLE first")`))
    expect(report.unread.filter(({ why }) => why.includes('indented'))).toEqual([])
  })
})

test('a text with a hundred thousand marks of dollar quotes gets one that is not in it', async () => {
  // `a` to `z`, `aa` and so on, as node-pg-migrate counts.
  const word = (n: number): string => (n < 26 ? '' : word(Math.floor(n / 26) - 1)) + String.fromCharCode(97 + (n % 26))
  const marks = many(100_000, i => `$pg${word(i)}$`).join('')
  const report = await lintTree(
    mapTree({
      'package.json': '{"dependencies":{"node-pg-migrate":"8","pg":"8"}}',
      'migrations/1700000000001_a.js': `exports.up = pgm => { pgm.addColumns('t', { a: { type: 'text', comment: '${marks}' } }) }`,
      'migrations/1700000000002_b.js': "exports.up = pgm => { pgm.dropTable('later') }",
    }),
  )
  expect(report.internalErrors).toEqual([])
  expect(report.findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('later'))
  expect(coverage(report)).toMatchObject({ readInPart: 0, notRead: 0 })
})

describe('no code runs', () => {
  const evil: Readonly<Record<string, (mark: string) => readonly string[]>> = {
    JavaScript: mark => [
      `require('fs').writeFileSync('${mark}', '')`,
      `require('child_process').execSync('touch ${mark}')`,
      `eval("require('fs').writeFileSync('${mark}', '')")`,
      `new Function("return process.mainModule.require('fs').writeFileSync('${mark}', '')")()`,
      `(async () => (await import('node:fs')).writeFileSync('${mark}', ''))()`,
    ],
    TypeScript: mark => [
      `require('fs').writeFileSync('${mark}', '')`,
      `eval("require('fs').writeFileSync('${mark}', '')")`,
      `[].constructor.constructor("return process")().mainModule.require('fs').writeFileSync('${mark}', '')`,
    ],
    Ruby: mark => [
      `\`touch ${mark}\``,
      `system('touch ${mark}')`,
      `eval("File.write('${mark}', '')")`,
      `%x(touch ${mark})`,
    ],
    Python: mark => [
      `__import__('os').system('touch ${mark}')`,
      `exec("open('${mark}', 'w')")`,
      `eval("open('${mark}', 'w')")`,
      `open('${mark}', 'w').close()`,
    ],
    PHP: mark => [
      `file_put_contents('${mark}', '');`,
      `shell_exec('touch ${mark}');`,
      `\`touch ${mark}\`;`,
      `eval("touch('${mark}');");`,
    ],
    'C#': mark => [
      `System.IO.File.WriteAllText("${mark}", "");`,
      `System.Diagnostics.Process.Start("touch", "${mark}");`,
    ],
    Elixir: mark => [
      `File.write!("${mark}", "")`,
      `System.cmd("touch", ["${mark}"])`,
      `:os.cmd(~c"touch ${mark}")`,
      `Code.eval_string("File.touch!('${mark}')")`,
    ],
    Go: mark => [`os.WriteFile("${mark}", nil, 0644)`, `exec.Command("touch", "${mark}").Run()`],
    Java: mark => [
      `java.nio.file.Files.writeString(java.nio.file.Path.of("${mark}"), "");`,
      `Runtime.getRuntime().exec("touch ${mark}");`,
    ],
  }

  test('of a migration, nor of the code beside it', async () => {
    const folder = temporary()
    const mark = join(folder, 'ran')
    const cwd = join(folder, 'project')
    for (const of of languages) {
      const bad = evil[of.name]?.(mark) ?? []
      expect(bad.length).toBeGreaterThan(0)
      const top = /^(?:JavaScript|TypeScript|Ruby|Python)$/.test(of.name) ? lines(...bad) : ''
      const files = Object.entries(of.project(lines(...bad, of.send(of.text('DROP TABLE first'))), top))
      for (const [path, content] of files) write(join(cwd, of.name.replace('#', 'sharp'), path), content)
    }
    const { stdout, stderr } = await migrateLint(['-f', 'gcc'], { cwd })
    expect(existsSync(mark)).toBe(false)
    expect(stderr).not.toMatch(/internal error/)
    expect(stdout.match(/"later"/g)?.length).toBeGreaterThanOrEqual(languages.length)
  })
})

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

describe('files that a program names', () => {
  test('are those of the project alone', async () => {
    const cwd = project({ 'inside/.keep': '' })
    const secret = 'a_secret_of_somebody_else'
    write(join(cwd, 'outside/secret.sql'), `DROP TABLE ${secret};\n`)
    const up = '../'.repeat(12)
    const paths = [
      `${up}${cwd.slice(1)}/outside/secret.sql`,
      `${cwd}/outside/secret.sql`,
      '../../../outside/secret.sql',
    ]
    const reads: Readonly<Record<string, (path: string) => string>> = {
      JavaScript: path => `require('fs').readFileSync('${path}', 'utf8')`,
      TypeScript: path => `readFileSync(join(__dirname, '${path}')).toString()`,
      Ruby: path => `File.read(Rails.root.join("${path}"))`,
      Python: path => `open("${path}").read()`,
      PHP: path => `file_get_contents(base_path("${path}"))`,
      'C#': path => `System.IO.File.ReadAllText("${path}")`,
      Elixir: path => `File.read!("${path}")`,
      Go: path => `os.ReadFile("${path}")`,
      Java: path => `java.nio.file.Files.readString(java.nio.file.Path.of("${path}"))`,
    }
    for (const of of languages) {
      const read = reads[of.name] as (path: string) => string
      const files = Object.entries(of.project(lines(...paths.map(path => of.send(read(path))))))
      for (const [path, content] of files) write(join(cwd, 'inside', of.name.replace('#', 'sharp'), path), content)
    }
    const changes = paths.map((path, i) => `<changeSet id="${i}" author="a"><sqlFile path="${path}"/></changeSet>`)
    write(
      join(cwd, 'inside/liquibase/changelog.xml'),
      `<databaseChangeLog>${paths.map(path => `<include file="${path}"/>`).join('')}${changes.join('')}</databaseChangeLog>`,
    )
    const run = await migrateLint([], { cwd: join(cwd, 'inside') })
    expect(run.stderr).not.toMatch(/internal error/)
    expect(run.stdout + run.stderr).not.toContain(secret)
    expect(readFileSync(join(cwd, 'outside/secret.sql'), 'utf8')).toContain(secret)
  })
})
