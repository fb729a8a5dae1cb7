import { describe, expect, test } from 'vitest'
import { alembic } from '../../src/systems/alembic/alembic.ts'
import { topologicalOrder } from '../../src/systems/alembic/order.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const revision = (id: string, down: string, more = '') =>
  `"""${id}\n\nRevision ID: ${id}\n"""\nfrom alembic import op\n\nrevision: str = "${id}"\ndown_revision: Union[str, None] = ${down}\nbranch_labels = None\n${more}\n\ndef upgrade() -> None:\n    pass\n`

const files = {
  'alembic.ini':
    '[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = driver://user:pass@localhost/dbname\n\n[loggers]\nkeys = root\n',
  'migrations/env.py': 'context.configure(connection=connection)\n',
  'migrations/script.py.mako': '',
  'migrations/versions/zz_first.py': revision('aaa', 'None'),
  'migrations/versions/mm_second.py': revision('bbb', '"aaa"'),
  'migrations/versions/aa_third.py': revision('ccc', "'bbb'"),
  'migrations/versions/__init__.py': '',
}

test('revisions are ordered by down_revision, not by name, and share one transaction', () => {
  const { migrations, notices } = alembic.migrations(mapTree(files), 'migrations/versions', options)
  expect(migrations.map(({ id, opaque }) => [id, opaque])).toEqual([
    ['aaa', 'it is written in Python'],
    ['bbb', 'it is written in Python'],
    ['ccc', 'it is written in Python'],
  ])
  expect(migrations[0]?.execution).toEqual({ inTransaction: true, singleMessage: false, spansFiles: true })
  expect(notices).toEqual([])
})

test('env.py may ask for a transaction per revision', () => {
  const tree = mapTree({ ...files, 'migrations/env.py': 'context.configure(\n    transaction_per_migration=True,\n)' })
  expect(alembic.migrations(tree, 'migrations/versions', options).migrations[0]?.execution.spansFiles).toBe(false)
})

describe('branches', () => {
  const at = (
    id: string,
    down: readonly string[],
    dependsOn: readonly string[] = [],
    labels: readonly string[] = [],
  ) => ({
    id,
    path: `${id}.py`,
    down,
    dependsOn,
    labels,
  })
  const ids = (revisions: Parameters<typeof topologicalOrder>[0]) => topologicalOrder(revisions).map(({ id }) => id)

  test('come after their down revisions, and before those that merge them', () => {
    expect(ids([at('m', ['b1', 'b2']), at('b2', ['a']), at('b1', ['a']), at('a', [])])).toEqual(['a', 'b2', 'b1', 'm'])
  })

  test('wait for their dependencies, by id, shortened id or label', () => {
    const given = [at('x2', ['x1'], ['y']), at('x1', []), at('y1234', [], [], ['label']), at('z', [], ['label', 'y12'])]
    const order = ids(given)
    expect(order.indexOf('y1234')).toBeLessThan(order.indexOf('x2'))
    expect(order.indexOf('y1234')).toBeLessThan(order.indexOf('z'))
    expect(order).toHaveLength(4)
  })

  const heads = (more: Readonly<Record<string, string>>) => {
    const texts = Object.entries(more).map(([name, text]) => [`migrations/versions/${name}.py`, text])
    const tree = mapTree({ ...files, ...Object.fromEntries(texts) })
    return (alembic.integrity?.(tree, 'migrations/versions') ?? []).map(({ path, discrepancies: [found] }) => {
      return `${path.slice('migrations/versions/'.length)}: ${found?.what} (${found?.help.split(',', 1)[0]})`
    })
  }

  test('that nobody merges leave several heads', () => {
    const join = 'Join them by `alembic merge heads`'
    expect(heads({ x: revision('ddd', '"bbb"') })).toEqual([
      `aa_third.py: "ccc" and "ddd" are both heads (${join})`,
      `x.py: "ccc" and "ddd" are both heads (${join})`,
    ])
    const three = heads({ x: revision('ddd', '"bbb"'), y: revision('eee', 'None') })
    expect(three).toHaveLength(3)
    expect(three[0]).toBe(`aa_third.py: "ccc", "ddd" and "eee" are all heads (${join})`)
  })

  test.each([
    ['a merge', { x: revision('ddd', '"bbb"'), y: revision('eee', '("ccc", "ddd")') }],
    ['a merge of shortened ids', { x: revision('ddd', '"bbb"'), y: revision('eee', "['cc', 'dd']") }],
    ['a label', { x: revision('ddd', 'None', 'branch_labels = ("billing",)').replace('branch_labels = None\n', '') }],
  ])('that are joined by %s, or intended, are not reported', (_, more) => {
    expect(heads(more)).toEqual([])
  })

  // Seen with Alembic 1.20.1: "upgrade head" stops, and "upgrade heads" runs both.
  test('of which one depends on the other are a warning, with the command that runs both', () => {
    const files = { x: revision('ddd', 'None', 'depends_on = "ccc"').replace('depends_on = None\n', '') }
    expect(heads(files)).toEqual([
      'aa_third.py: "ccc" and "ddd" are both heads (Deploy with `alembic upgrade heads`)',
      'x.py: "ccc" and "ddd" are both heads (Deploy with `alembic upgrade heads`)',
    ])
    const three = heads({ ...files, y: revision('eee', '"bbb"') })
    expect(three).toEqual([
      'x.py: "ddd" and "eee" are both heads (Join them by `alembic merge heads`)',
      'y.py: "ddd" and "eee" are both heads (Join them by `alembic merge heads`)',
    ])
  })

  test('that continue a missing one are reported, unless it may be in another folder', () => {
    const more = { x: revision('ddd', '"gone"') }
    expect(heads(more)).toEqual(['x.py: "ddd" follows "gone", which no file has (Bring the missing file back)'])
    const ini = '[alembic]\nscript_location = migrations\nversion_locations = migrations/versions other\n'
    const tree = mapTree({ ...files, 'alembic.ini': ini, 'migrations/versions/x.py': more.x })
    expect(alembic.integrity?.(tree, 'migrations/versions')).toEqual([])
  })

  test('with the same label are two', () => {
    const labelled = revision('ddd', 'None', 'branch_labels = ("billing",)').replace('branch_labels = None\n', '')
    expect(heads({ x: labelled, y: revision('eee', '"ddd"'), z: revision('fff', '"billing"') })).toEqual([
      'y.py: "eee" and "fff" are both heads (Join them by `alembic merge eee fff`)',
      'z.py: "eee" and "fff" are both heads (Join them by `alembic merge eee fff`)',
    ])
  })

  test('in a circle do not hang the reader', () => {
    expect(ids([at('a', ['b']), at('b', ['a']), at('c', ['missing'])])).toHaveLength(3)
  })
})

test('is recognised by alembic.ini, pyproject.toml or its environment', () => {
  const found = { directory: 'migrations/versions', sign: 'file' }
  expect(alembic.detect(mapTree(files), '')).toEqual({ ...found, because: 'alembic.ini' })
  expect(alembic.detect(mapTree(files), 'migrations')).toEqual({ ...found, because: 'migrations/env.py' })
  const { 'alembic.ini': ini, ...others } = files
  const mysql = { ...others, 'alembic.ini': ini.replace('driver:', 'mysql+pymysql:') }
  expect(alembic.detect(mapTree(mysql), '')).toMatchObject({ dialect: 'mysql' })
  const project = { ...others, 'pyproject.toml': '[tool.alembic]\nscript_location = "migrations"\n' }
  expect(alembic.detect(mapTree(project), '')).toEqual({ ...found, because: 'pyproject.toml' })
  expect(alembic.detect(mapTree({ 'pyproject.toml': '[project]\nname = "x"\n' }), '')).toBeNull()
})

describe('several version_locations are one history', () => {
  const apart = {
    'db/env.py': '',
    'db/script.py.mako': '',
    'a/versions/1.py': revision('aaa', 'None'),
    'b/versions/2.py': revision('bbb', '"aaa"'),
    'a/versions/3.py': revision('ccc', '"bbb"'),
    'c/versions/4.py': revision('ddd', '"ccc"'),
  }
  const ini = (text: string) => `[alembic]\nscript_location = %(here)s/db\n${text}\n`
  const read = (settings: Record<string, string>) => {
    const tree = mapTree({ ...apart, ...settings })
    const found = alembic.detect(tree, '')
    const directory = found?.directory ?? 'none'
    const { migrations } = alembic.migrations(tree, directory, options)
    const lost = alembic.integrity?.(tree, directory) ?? []
    return [directory, migrations.map(({ id }) => id).join(' '), lost.length]
  }
  const both = ['', 'aaa bbb ccc', 0]

  test.each<[string, string]>([
    ['spaces', 'version_locations = a/versions b/versions'],
    ['commas', 'version_locations = %(here)s/a/versions,%(here)s/b/versions'],
    ['os', 'path_separator = os\nversion_locations = %(here)s/a/versions:%(here)s/b/versions'],
    ['the former name of it', 'version_path_separator = :\nversion_locations = a/versions:b/versions'],
    ['os on Windows', 'path_separator = os\nversion_locations = a/versions;b/versions'],
    ['lines', 'path_separator = newline\nversion_locations =\n  a/versions\n  # c/versions\n  b/versions'],
    ['spaces by name', 'path_separator = space\nversion_locations = a/versions b/versions'],
    ['names of other values', 'one = a\nversion_locations = %(one)s/versions %(here)s/b/versions'],
    ['one that is not there', 'version_locations = a/versions b/versions x/versions'],
  ])('%s', (_, text) => {
    expect(read({ 'alembic.ini': ini(text) })).toEqual(both)
  })

  test('pyproject.toml has a list, and alembic.ini counts more', () => {
    const pyproject =
      '[tool.alembic]\nscript_location = "%(here)s/db"\nversion_locations = ["%(here)s/a/versions", "b/versions"]\n'
    expect(read({ 'pyproject.toml': pyproject })).toEqual(both)
    expect(read({ 'pyproject.toml': pyproject, 'alembic.ini': '[loggers]\nkeys = root\n' })).toEqual(both)
    expect(read({ 'pyproject.toml': pyproject, 'alembic.ini': ini('version_locations = c/versions') })[1]).toBe('ddd')
  })

  test('a separator that Alembic refuses separates nothing, and one that it does not use is part of a path', () => {
    expect(read({ 'alembic.ini': ini('path_separator = |\nversion_locations = a/versions b/versions') })[0]).toBe(
      'none',
    )
    expect(read({ 'alembic.ini': ini('path_separator = ;\nversion_locations = a/versions b/versions') })[0]).toBe(
      'none',
    )
  })

  test('the folder around them may be above the configuration, and env.py is that of script_location', () => {
    const tree = mapTree({
      'app/db/alembic.ini': '[alembic]\nscript_location = .\nversion_locations = ../a/versions versions\n',
      'app/db/env.py': 'transaction_per_migration=True',
      'app/a/versions/1.py': revision('aaa', 'None'),
      'app/db/versions/2.py': revision('bbb', '"aaa"'),
    })
    expect(alembic.detect(tree, 'app/db')?.directory).toBe('app')
    const { migrations } = alembic.migrations(tree, 'app', options)
    expect(migrations.map(({ id, execution }) => [id, execution.spansFiles])).toEqual([
      ['aaa', false],
      ['bbb', false],
    ])
  })

  test('a location in a comment does not count, so that a missing parent is reported', () => {
    const commented = ini('# version_locations = %(here)s/x %(here)s/db/versions')
    const tree = mapTree({ ...apart, 'alembic.ini': commented, 'db/versions/1.py': revision('bbb', '"aaa"') })
    expect(alembic.integrity?.(tree, 'db/versions')).toHaveLength(1)
  })
})
