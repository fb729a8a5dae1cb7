import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Language, Parser, type TreeCursor } from 'web-tree-sitter'
import { grammarPath } from '../../scripts/grammars.mjs'
import { loadGrammar, programOf } from '../../src/code/grammar.ts'
import { type Grammar, grammarOf, grammars } from '../../src/code/language.ts'
import type { Node } from '../../src/code/node.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/systems', import.meta.url))
const files = readdirSync(fixtures, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
const programs = files.map(({ parentPath, name }) => join(parentPath, name))

/** The fixtures have no program in Java. */
const java = `package db.migration;
// Ids become larger.
public class V2__Ids extends BaseJavaMigration {
  @Override public void migrate(Context context) throws Exception {
    for (String table : List.of("orders", "é")) context.getConnection().createStatement().execute("ALTER TABLE " + table);
  }
}
`

/** The same by the library's own cursor, one call for each fact. */
function byLibrary(cursor: TreeCursor): Node {
  const children: Node[] = []
  const node = {
    kind: cursor.nodeType,
    field: cursor.currentFieldName,
    isNamed: cursor.nodeIsNamed,
    span: [cursor.startIndex, cursor.endIndex] as const,
    children,
  }
  if (!cursor.gotoFirstChild()) return node
  do children.push(byLibrary(cursor))
  while (cursor.gotoNextSibling())
  cursor.gotoParent()
  return node
}

test.each(grammars)('%s: trees are copied as the library describes them', async (grammar: Grammar) => {
  // This also starts the library.
  await loadGrammar(grammar)
  const language = await Language.load(new Uint8Array(readFileSync(grammarPath(grammar))))
  const parser = new Parser().setLanguage(language)
  const found = programs.filter(path => grammarOf(path) === grammar).map(path => readFileSync(path, 'utf8'))
  const texts = grammar === 'java' ? [java] : found
  expect(texts.length).toBeGreaterThan(0)
  const cut = texts.map(text => text.slice(0, text.length / 2))
  const shifted = texts.map(text => `é𝟙 ${text}`)
  // Half a program has errors and missing nodes.
  for (const text of [...texts, ...cut, ...shifted]) {
    const tree = parser.parse(text)
    if (!tree) throw new Error('The parser gave no tree.')
    expect(programOf(grammar, text, () => {})?.root).toEqual(byLibrary(tree.walk()))
    tree.delete()
  }
})
