import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { textAsKey } from './kit/text-as-key.ts'

// It type-checks the whole source, which takes long on a busy machine.
test('no text of strangers is looked up as a property of an object', { timeout: 120_000 }, () => {
  const configuration = fileURLToPath(new URL('../tsconfig.json', import.meta.url))
  const found = textAsKey(configuration, path => /^(src|rules)\//.test(path)).map(each => each.replace(/:\d+:/, ':'))
  // In no order of their own: TypeScript loads files as others import them.
  // One place that asks whether the entry is the table's own; all others go through it, or have a Map.
  expect(found.sort()).toEqual([
    'src/parse/look-up.ts: table[name]',
    // Fields of a tree of the parser: their names are the parser's own.
    'src/parse/stackless.ts: container[key]',
    'src/parse/stackless.ts: value[key as keyof typeof value]',
  ])
})

test('the check sees lookups in all their forms, and leaves words of the source alone', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'text-as-key-')))
  try {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, "target": "ES2022" } }')
    const source = `
      declare const table: Record<string, number>, name: string, kind: 'a' | 'b', list: number[]
      const words = { a: 1, b: 2 }
      export function f<K extends string, W extends 'a' | 'b'>(key: K, word: W, any: any) {
        table[name]
        words[name as keyof typeof words]
        void (table as any)['a' + name]
        name in words
        const { [name]: found } = table
        table[key]
        table[any]
        table[name] = 1
        words[kind]; words[word]; list[0]; list[list.length]; words['a']; 'a' in words
        for (const own in table) table[own] = 2
        for (const own in words) table[own] = 2
        return { [name]: found }
      }`
    writeFileSync(join(folder, 'lookups.ts'), source)
    expect(textAsKey(join(folder, 'tsconfig.json'), () => true).filter(place => place.startsWith('lookups'))).toEqual([
      'lookups.ts:5: table[name]',
      'lookups.ts:6: words[name as keyof typeof words]',
      "lookups.ts:7: (table as any)['a' + name]",
      'lookups.ts:8: name in words',
      'lookups.ts:9: [name]: found',
      'lookups.ts:10: table[key]',
      'lookups.ts:11: table[any]',
      'lookups.ts:12: table[name]',
      'lookups.ts:15: table[own]',
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
