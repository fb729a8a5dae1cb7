import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundleForBrowser } from '../scripts/browser.mjs'
import { grammarPath } from '../scripts/grammars.mjs'
import { unusedExports } from '../scripts/graph/exports.ts'
import { mapOf, roomOf } from '../scripts/graph/map.ts'
import type { Report } from '../src/lint/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const { files: sources, imports, circles } = mapOf(root)

function isAction(path: string): boolean {
  return path.startsWith('src/node/action/')
}

interface Arrows {
  readonly code: readonly string[]
  readonly types: readonly string[]
}

const rooms = [...new Set(sources.map(roomOf))].sort()

/** Who may import whom: at run time, and types only. Everyone may import from the own room. Read from the table in docs/architecture.md. */
const arrows = new Map(
  readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    .split('\n')
    .flatMap((line): [string, Arrows][] => {
      const [, first = '', , allowed] = line.split('|').map(cell => cell.trim())
      const [room = ''] = namesIn(first)
      if (allowed === undefined || !rooms.includes(room)) return []
      if (allowed === 'all of these') return [[room, { code: rooms, types: [] }]]
      const [code = '', types = ''] = allowed.split('types of ')
      return [[room, { code: namesIn(code), types: namesIn(types) }]]
    }),
)

/** The names between backticks, without the slash at the end of a folder. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+?)\/?`/g)].map(([, name = '']) => name)
}

describe('arrows', () => {
  test('every room is on the map', () => {
    expect([...arrows.keys()].sort()).toEqual(rooms)
  })

  test('imports follow them', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      if (!/^(src|rules)\//.test(to) || roomOf(from) === roomOf(to)) return false
      const { code = [], types = [] } = arrows.get(roomOf(from)) ?? {}
      return !code.includes(roomOf(to)) && !(typeOnly && types.includes(roomOf(to)))
    })
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('no files import each other, types included, except where SQL itself is recursive', () => {
    expect(circles).toEqual([
      // The body of a function or DO block holds statements, and a statement may be a DO block.
      ['body', 'plpgsql', 'routine-problems', 'statements'].map(name => `src/parse/${name}.ts`),
      // FROM and WITH hold queries and writes, these read FROM, and both call functions whose bodies are queries.
      ['calls', 'from', 'insert', 'read', 'write'].map(name => `src/postgres/query/${name}.ts`),
    ])
  })

  test('nothing is exported that no other file names', () => {
    expect(unusedExports(root, ['src/index.ts'])).toEqual([])
  }, 300_000)

  test('only src/node knows Node', () => {
    const node = imports.filter(({ from, to }) => to.startsWith('node:') && roomOf(from) !== 'src/node')
    expect(node.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
    const globals = sources.filter(
      file => roomOf(file) !== 'src/node' && /\b(process\.|Buffer\.|__dirname)/.test(withoutComments(file)),
    )
    expect(globals).toEqual([])
  })

  test('every import that is not ours is a dependency', () => {
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    // They are bundled, the first with the grammars that it runs, the last for completion alone.
    const bundled = { 'web-tree-sitter': true, saxes: true, '@bomb.sh/tab': true }
    // The action is bundled, and what is in its bundle need not be installed by anybody else.
    const available = (file: string) =>
      Object.keys({ ...dependencies, ...(isAction(file) ? devDependencies : { ...peerDependencies, ...bundled }) })
    const foreign = imports.filter(
      ({ from, to, typeOnly }) =>
        !/^(src|rules)\/|^package\.json$|^node:/.test(to) &&
        !typeOnly &&
        !available(from).some(name => to === name || to.startsWith(`${name}/`)),
    )
    expect(foreign.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('nothing but the action knows the action', () => {
    const wrong = imports.filter(({ from, to }) => isAction(to) && !isAction(from))
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('rooms are named after what is in them', () => {
    const folders = sources.flatMap(file => file.split('/').slice(0, -1))
    const vague = ['utils', 'util', 'common', 'helpers', 'services', 'misc', 'shared', 'lib']
    expect(folders.filter(name => vague.includes(name))).toEqual([])
  })
})

describe('what starts programs or loads code', () => {
  // Each place says which text of a stranger can reach it.
  const known: Readonly<Record<string, readonly string[]>> = {
    // git, for a repository that is found and named, with all that its configuration could start switched off.
    'src/node/git/git.ts': ['child_process'],
    // The command that a person has typed after `capture --`.
    'src/node/capture/command.ts': ['child_process'],
    // PostgreSQL's own programs, for `trace --server`: they are looked for outside of the repository.
    'src/node/server/local-server.ts': ['child_process'],
    // A shell with a fixed text, which ends such a server when this program was killed.
    'src/node/server/watchdog.ts': ['child_process'],
    // This program again, in a second thread: it is given programs as text, and answers with trees.
    'src/node/ahead/parse-programs.ts': ['worker_threads'],
    'src/node/ahead/thread.ts': ['worker_threads'],
    // This program again, in a thread with a larger stack: it is given SQL, and answers with trees.
    'src/node/parser/thread.ts': ['worker_threads'],
    'src/node/parser/answer-questions.ts': ['worker_threads'],
    // One call of a function of our own, as V8 ends what a script does when its time is over.
    'src/node/clock.ts': ['vm'],
    // The configuration that is code: only where those who may push have written it. Its plugins: only where somebody outside of the
    // repository has said so as well.
    'src/node/input/module.ts': ['import() of a name that is not written there'],
  }
  const ways: Readonly<Record<string, RegExp>> = {
    child_process: /['"](node:)?child_process['"]/,
    worker_threads: /['"](node:)?worker_threads['"]/,
    cluster: /['"]node:cluster['"]/,
    vm: /['"](node:)?vm['"]/,
    'import() of a name that is not written there': /\bimport\(\s*(?!['"][^'"]*['"]\s*\))/,
    'require()': /\b(require\(|createRequire\b)/,
    eval: /\beval\(|\bnew Function\(|\bFunction\(/,
    'native code': /\bprocess\.(dlopen|binding|_linkedBinding)\b/,
  }

  test('is listed, place by place', () => {
    const found = sources.flatMap(file => {
      const text = withoutComments(file)
      const here = Object.keys(ways).filter(way => ways[way]?.test(text))
      return here.length === 0 ? [] : [[file, here]]
    })
    expect(Object.fromEntries(found)).toEqual(known)
  })

  test('changes no environment that later programs would see', () => {
    const changing =
      /\bprocess\.env(\.\w+|\[[^\]]*\])?\s*(=[^=]|\?\?=|\|\|=)|Object\.assign\(process\.env|\bdelete process\.env/
    // An event that is not JSON is hidden from @actions/github, which would throw while it is loaded.
    const known = ['src/node/action/given-event.ts']
    expect(sources.filter(file => changing.test(withoutComments(file)))).toEqual(known)
  })
})

function withoutComments(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
}

describe('in a browser', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundleForBrowser({ format: 'iife' })
  }, 120_000)

  test('the library bundles, and lints in a context without process and Buffer', async () => {
    // What every browser has and a bare context has not.
    type Result = Promise<Report> | undefined
    const context = { console, TextDecoder, TextEncoder, result: undefined as Result, xml: undefined as Result }
    runInNewContext(
      `
      if (typeof process !== 'undefined' || typeof Buffer !== 'undefined' || typeof require !== 'undefined') throw new Error('not bare')
      ${script}
      result = migrateLint.lint({
        migrations: [
          { path: '1.sql', content: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);' },
          { path: '2.sql', content: new TextEncoder().encode('CREATE TABEL x ();\\nALTER TABLE orders DROP COLUMN note;') },
        ],
        config: { timeouts: { setBy: 'role' } },
      })
      xml = migrateLint.lintTree(migrateLint.mapTree({
        'changelog.xml': '<databaseChangeLog><include file="a.sql"/></databaseChangeLog>',
        'a.sql': '--liquibase formatted sql\\n--changeset a:1\\nDROP TABLE x;',
        'b.sql': '--liquibase formatted sql\\n--changeset a:1\\nDROP TABLE y;',
      }))`,
      context,
    )
    const report = await context.result
    expect(report?.internalErrors).toEqual([])
    expect(report?.findings.map(({ rule, path }) => `${path} ${rule}`)).toEqual([
      '2.sql syntax-error',
      '2.sql drop-column',
    ])
    const read = (await context.xml)?.findings.map(({ rule, path }) => `${path} ${rule}`)
    expect(read).toEqual(['a.sql drop-table', 'a.sql missing-lock-timeout', 'b.sql not-a-migration'])
  })

  test('the library reads programs there, with grammars that its caller hands in', async () => {
    const names = ['tree-sitter', 'typescript', 'ruby'] as const
    const grammars = Object.fromEntries(names.map(name => [name, new Uint8Array(readFileSync(grammarPath(name)))]))
    type Result = Promise<Record<'before' | 'after', Report>> | undefined
    const context = { console, TextDecoder, TextEncoder, grammars, asked: [] as string[], result: undefined as Result }
    runInNewContext(
      `
      if (typeof process !== 'undefined' || typeof Buffer !== 'undefined' || typeof require !== 'undefined') throw new Error('not bare')
      ${script}
      const tree = migrateLint.mapTree({
        'typeorm/package.json': '{"dependencies":{"typeorm":"0.3.20","pg":"8"}}',
        'typeorm/src/migrations/1700000000000-A.ts':
          "import { MigrationInterface, QueryRunner } from 'typeorm'\\n" +
          'export class A1700000000000 implements MigrationInterface { async up(q: QueryRunner) { await q.query("DROP TABLE a") } async down() {} }',
        'knex/package.json': '{"dependencies":{"knex":"3.1.0","pg":"8"}}',
        'knex/migrations/20240101000000_b.js': 'exports.up = knex => knex.schema.dropTable("b")\\nexports.down = () => {}',
        'rails/Gemfile.lock': 'GEM\\n  specs:\\n    rails (7.1.0)\\n    pg (1.5.0)\\n',
        'rails/db/migrate/20240101000000_c.rb': 'class C < ActiveRecord::Migration[7.1]\\n  def change\\n    drop_table :c\\n  end\\nend',
      })
      const config = { timeouts: { setBy: 'role' } }
      result = (async () => {
        const before = await migrateLint.lintTree(tree, config)
        migrateLint.useGrammars(async name => (asked.push(name), grammars[name] ?? null))
        return { before, after: await migrateLint.lintTree(tree, config) }
      })()`,
      context,
    )
    const { before, after } = (await context.result) ?? {}
    // Without grammars each of them counts as unread.
    expect(before?.findings.map(({ rule }) => rule)).toEqual(['code-migration', 'code-migration', 'code-migration'])
    expect(before?.unread).toHaveLength(3)
    expect(after?.internalErrors).toEqual([])
    expect(after?.unread).toEqual([])
    expect(after?.findings.map(({ rule, path }) => `${path} ${rule}`).sort()).toEqual([
      'knex/migrations/20240101000000_b.js drop-table',
      'rails/db/migrate/20240101000000_c.rb drop-table',
      'typeorm/src/migrations/1700000000000-A.ts drop-table',
    ])
    expect(new Set(context.asked)).toEqual(new Set(names))
  })
})
