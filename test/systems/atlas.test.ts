import { describe, expect, test } from 'vitest'
import { atlas, fileDirectives } from '../../src/systems/atlas/atlas.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

test.each([
  ['-- atlas:txmode none\n\nSELECT 1;', [{ name: 'txmode', value: 'none' }]],
  ['-- a word\n-- atlas:txmode none\n \t\nSELECT 1;', [{ name: 'txmode', value: 'none' }]],
  [
    '# atlas:nolint\n-- atlas:checkpoint v1\n\n',
    [
      { name: 'nolint', value: '' },
      { name: 'checkpoint', value: 'v1' },
    ],
  ],
  ['-- atlas:txmode none', [{ name: 'txmode', value: 'none' }]],
  // Without an empty line it is a comment of the first statement. A line with a carriage return is not empty.
  ['-- atlas:txmode none\nSELECT 1;', []],
  ['-- atlas:txmode none\r\n\r\nSELECT 1;', []],
  ['\n-- atlas:txmode none\n\nSELECT 1;', []],
  ['SELECT 1;\n-- atlas:txmode none\n\n', []],
])('directives of %j', (text, expected) => {
  expect(fileDirectives(text)).toEqual(expected)
})

test.each([
  ['-- atlas:txmode none\n\nSELECT 1;', []],
  ['-- atlas:txmode file\n\nSELECT 1;', []],
  ['SELECT 1;\n', []],
  ['-- atlas:txmode none\nSELECT 1;', [[[0, 20], 'ignored-opt-out']]],
  ['\n -- atlas:txmode none\n\nSELECT 1;', [[[2, 22], 'ignored-opt-out']]],
  ['-- atlas:txmode all\n\nSELECT 1;', [[[0, 19], 'refused']]],
  ['-- atlas:txmode none\n-- atlas:txmode none\n\nSELECT 1;', [[[0, 20], 'refused']]],
])('remarks on %j', (text, expected) => {
  const [migration] = atlas.migrations(mapTree({ '1.sql': text }), '', options).migrations
  expect(migration?.remarks?.(text).map(({ at, kind }) => [at, kind])).toEqual(expected)
})

describe('a directory', () => {
  const tree = mapTree({
    'migrations/atlas.sum': 'h1:x\n',
    'migrations/2_b.sql': '-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY i ON t (a);',
    'migrations/10_a.sql': 'SELECT 1;',
    'migrations/3_all.sql': '-- atlas:checkpoint\n\nSELECT 1;',
    'migrations/notes.txt': '',
    'migrations/old/1.sql': '',
  })

  test('is recognised by its sums', () => {
    const found = { directory: 'migrations', sign: 'checksum', because: 'migrations/atlas.sum' }
    expect(atlas.detect(tree, 'migrations')).toEqual(found)
    expect(atlas.detect(tree, '')).toBeNull()
  })

  test('is ordered by names as text, without checkpoints', () => {
    const { migrations, asides } = atlas.migrations(tree, 'migrations', options)
    expect(migrations.map(({ id, path, execution }) => [id, path, execution.inTransaction])).toEqual([
      ['10', 'migrations/10_a.sql', true],
      ['2', 'migrations/2_b.sql', false],
    ])
    expect(asides).toEqual([expect.objectContaining({ path: 'migrations/3_all.sql', kind: 'baseline' })])
  })
})

test('a delimiter that the file sets ends statements outside quotes, comments and parentheses', () => {
  const text = "-- atlas:delimiter \\n\\n\nSELECT ('a\n\n',\n\n1);\n\nSELECT $$\n\n$$ -- x\n\nSELECT 3\n\n"
  const [migration] = atlas.migrations(mapTree({ '1.sql': text }), '', options).migrations
  const parts = migration?.parts?.(text) ?? []
  expect(parts.map(({ span }) => text.slice(...span))).toEqual([
    "SELECT ('a\n\n',\n\n1);",
    'SELECT $$\n\n$$ -- x\n\nSELECT 3',
  ])
})

describe('atlas.hcl', () => {
  const project = (hcl: string) => mapTree({ 'atlas.hcl': hcl, 'db/m/1.sql': 'SELECT 1;' })

  test('names the directory and the database', () => {
    const hcl = 'env "local" {\n  dev = "docker://DB/16/dev"\n  migration {\n    dir = "file://db/m"\n  }\n}\n'
    const found = { directory: 'db/m', sign: 'file', because: 'atlas.hcl' }
    expect(atlas.detect(project(hcl.replace('DB', 'postgres')), '')).toEqual(found)
    expect(atlas.detect(project(hcl.replace('DB', 'mysql')), '')).toEqual({ ...found, dialect: 'mysql' })
  })

  test('says when the format is that of another tool', () => {
    const hcl = 'env "local" {\n  migration {\n    dir    = "file://db/m"\n    format = golang-migrate\n  }\n}\n'
    expect(atlas.detect(project(hcl), '')).toBeNull()
    expect(atlas.detect(project(hcl.replace('golang-migrate', 'atlas')), '')).not.toBeNull()
  })
})

describe('atlas.hcl is read as HCL', () => {
  const files = { 'db/m/1.sql': 'SELECT 1;', 'old/1.sql': 'SELECT 1;' }
  const directory = (hcl: string) => atlas.detect(mapTree({ ...files, 'atlas.hcl': hcl }), '')?.directory ?? null
  const migration = (body: string) => `env "local" {\n  migration {\n    ${body}\n  }\n}\n`

  test.each<[string, string]>([
    ['plain', migration('dir = "file://db/m"')],
    ['in an outermost block', 'migration {\n  dir = "file://db/m?format=atlas"\n}'],
    [
      'after a comment with another',
      migration(
        '# dir = "file://old"\n    // dir = "file://old"\n    /* dir = "file://old" */\n    dir = "file://db/m"',
      ),
    ],
    ['after a block in it', migration('repo {\n      name = "x"\n    }\n    dir = "file://db/m"')],
    ['after a text with braces', migration('baseline = "} dir = x {"\n    dir = "file://db/m"')],
    [
      'after a heredoc',
      `locals {\n  x = <<EOT\n  migration { dir = "file://old" }\n  EOT\n}\n${migration('dir = "file://db/m"')}`,
    ],
    ['by a local value', `locals {\n  d = "db/m"\n}\n${migration('dir = "file://${local.d}"')}`],
    [
      'by a variable with a default',
      `variable "dir" {\n  type = string\n  default = "file://db/m"\n}\n${migration('dir = var.dir')}`,
    ],
    ['with a value of several lines', migration('exclude = [\n      "a",\n      "b",\n    ]\n    dir = "file://db/m"')],
  ])('%s', (_, hcl) => {
    expect(directory(hcl)).toBe('db/m')
  })

  test.each<[string, string]>([
    ['in a comment', `# ${migration('dir = "file://db/m"').replaceAll('\n', '\n# ')}`],
    ['of another tool', migration('dir = "file://db/m"\n    format = "golang-migrate"')],
    [
      'of another tool by a local value',
      `locals {\n  f = goose\n}\n${migration('format = local.f\n    dir = "file://db/m"')}`,
    ],
    ['in a text', 'x = "migration { dir = \\"file://db/m\\" }"'],
    ['by an expression', migration('dir = data.x.url')],
  ])('not one %s', (_, hcl) => {
    expect(directory(hcl)).toBeNull()
  })

  const listed = (hcl: string) => atlas.migrations(mapTree({ ...files, 'atlas.hcl': hcl }), 'db/m', options)

  test('an expression for the folder is reported', () => {
    const said = ['atlas.hcl names a folder of migrations by an expression, which was not read.']
    expect(listed(migration('dir = data.x.url')).notices).toEqual(said)
    expect(listed(migration('dir = "file://db/m"')).notices).toEqual([])
  })

  test('exec_order decides about late migrations', () => {
    const late = (order: string) => listed(migration(`dir = "file://db/m"\n    ${order}`)).migrations[0]?.late
    expect(late('exec_order = NON_LINEAR')).toMatchObject({ does: 'runs' })
    expect(late('exec_order = "linear-skip"')).toMatchObject({
      does: 'skips',
      what: 'Atlas skips it because exec_order is LINEAR_SKIP in atlas.hcl',
    })
    expect(late('exec_order = LINEAR')).toBeUndefined()
    expect(late('# exec_order = NON_LINEAR')).toBeUndefined()
  })
})
