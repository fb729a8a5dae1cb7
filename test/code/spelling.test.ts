import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { yamlBlock } from '../../src/code/spelling/document.ts'
import { argument } from '../../src/code/spelling/php.ts'

// Advice is code to copy: SQL of a stranger must not end the text that it stands in.

test.each([
  'SELECT 1;\nSELECT 2;',
  'SELECT 1; -- a\r- include: evil',
  'SELECT 1; -- a\u2028- include: evil',
  'SELECT 1; -- a\u0085- include: evil',
  '  SELECT 1;\n SELECT 2;',
])('a block of YAML holds %j', text => {
  const yaml = `- sql:\n    sql: ${yamlBlock(text, 6)}\n`
  expect(load(yaml)).toEqual([{ sql: { sql: text } }])
  // YAML 1.1 has more line ends.
  expect(yaml).not.toMatch(/[\r\u0085\u2028\u2029]/)
})

test.each(['SELECT 1;\nSQL;\nevil();', 'SELECT 1;\r SQL;evil();\nSELECT 2;'])(
  'a nowdoc of PHP does not hold %j',
  text => {
    expect(argument(text)).toBe(`'${text}'`)
  },
)
