import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { circlesOf, floorsOf, graphOf } from '../scripts/graph/circles.ts'
import { unusedExports } from '../scripts/graph/exports.ts'
import { importsOf } from '../scripts/graph/imports.ts'
import { mapOf } from '../scripts/graph/map.ts'
import { asDot, asMermaid, folderAsText } from '../scripts/graph/text.ts'

const top = mkdtempSync(join(tmpdir(), 'graph-'))
afterAll(() => rmSync(top, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(top, path, '..'), { recursive: true })
    writeFileSync(join(top, path), text)
  }
}

function graph(arrows: string) {
  const pairs = arrows.split(' ').map(arrow => ({ from: arrow[0] ?? '', to: arrow[1] ?? '' }))
  return graphOf(new Set(pairs.flatMap(({ from, to }) => [from, to])), pairs)
}

describe('the map of the source', () => {
  test('has imports in all their forms, and recognises those of types', () => {
    write({
      'src/a/all.ts': `
        import type { A } from './types.ts'
        import { type B } from '../b/kept.ts'
        import c, { d } from 'package'
        import './effect.ts'
        export * from './again.ts'
        export type { E } from './types-again.ts'
        export { d }
        // import { no } from './comment.ts'
        const text = "import { no } from './text.ts'"
        const later = () => import('./later.ts')
        const computed = () => import(text)
        export type F = import('./written-out.ts').F
      `,
    })
    expect(importsOf(top, 'src/a/all.ts').map(({ to, typeOnly }) => `${to}${typeOnly ? ' type' : ''}`)).toEqual([
      'src/a/types.ts type',
      // What is left at run time is an import of no names.
      'src/b/kept.ts',
      'package',
      'src/a/effect.ts',
      'src/a/again.ts',
      'src/a/types-again.ts type',
      'src/a/later.ts',
      'src/a/written-out.ts type',
    ])
  })

  test('groups files into rooms and folders', () => {
    rmSync(join(top, 'src'), { recursive: true })
    write({
      'rules/r.ts': `import '../src/a/one.ts'`,
      'src/a/one.ts': `import { two } from './inner/two.ts'; import type { X } from '../b.ts'`,
      'src/a/inner/two.ts': `import type { One } from '../one.ts'`,
      'src/b.ts': '',
    })
    const { circles, runTimeCircles, rooms, folders } = mapOf(top)
    expect(circles).toEqual([['src/a/inner/two.ts', 'src/a/one.ts']])
    expect(runTimeCircles).toEqual([])
    expect(rooms).toEqual([
      { from: 'rules', to: 'src/a', count: 1, typeOnly: false },
      { from: 'src/a', to: 'src/b.ts', count: 1, typeOnly: true },
    ])
    const inner = folders.find(({ path }) => path === 'src/a')
    if (!inner) throw new Error('src/a is missing')
    expect(folderAsText(inner)).toBe(
      ['src/a: 2 entries, 2 arrows, 1 floors', '  inner -> one.ts', '  one.ts -> inner', '  circle: inner one.ts'].join(
        '\n',
      ),
    )
    expect(asMermaid(inner)).toContain('n0 -.-> n1\n  n1 --> n0')
    expect(asDot(inner)).toContain('"inner" -> "one.ts" [style=dotted]\n  "one.ts" -> "inner"\n')
  })

  test('finds values that no other file uses', () => {
    for (const folder of ['src', 'rules']) rmSync(join(top, folder), { recursive: true })
    write({
      'src/index.ts': `export const published = 1; export { again } from './a.ts'`,
      'src/a.ts': `export const again = 1, lonely = 2; export function tested() {}; export interface Type {}; const b = 3; export { b }`,
      'src/lazy.ts': 'export const later = 1',
      'src/names.ts': 'export const one = 1',
      'rules/r.ts': `import * as names from '../src/names.ts'; export default () => import('../src/lazy.ts')`,
      'test/a.test.ts': `import { tested as it } from '../src/a.ts'`,
      'scripts/s.ts': 'export const script = 1',
      'bench/b.ts': '',
    })
    expect(unusedExports(top, ['src/index.ts'])).toEqual(['src/a.ts: lonely', 'src/a.ts: b'])
  })

  test('finds the largest circles, and none if there are none', () => {
    expect(circlesOf(graph('ab bc cd'))).toEqual([])
    expect(circlesOf(graph('ab bc ca cd de ed fa'))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
    expect(circlesOf(graph('ab ba bc cb'))).toEqual([['a', 'b', 'c']])
    expect(circlesOf(graph('ab ac bd cd db'))).toEqual([['b', 'd']])
    expect(circlesOf(graph('aa'))).toEqual([])
  })

  test('counts floors on the longest way down', () => {
    expect(floorsOf(graph('ab bc ac cd'))).toBe(4)
    expect(floorsOf(graph('ab ba bc'))).toBe(2)
  })
})
