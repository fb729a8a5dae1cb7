// npm run new-rule <id>: creates the two files of a rule and writes everything that is generated from them.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { generate } from './generate.ts'

const module = (id: string) => `import { help, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: '${title(id)}',
  why: 'Say here, in one or two sentences, what happens to the people who use the database.',
  severity: 'warning',
  // A new rule starts as a note, or off, in the default preset until the next major version: an upgrade breaks no build.
  presets: { recommended: 'note' },
  category: 'locking',
  on: ['lock-table'],

  check({ operation }) {
    if (!operation.table.exposed) return
    return {
      at: operation.keyword,
      message: say\`Locking \${operation.table.name} makes others wait.\`,
      help: help('Say here what to do instead:', sql\`SELECT * FROM \${operation.table.name} LIMIT 1;\`),
    }
  },
})
`

const page = (id: string) => `# ${id}

What happens, to whom, and when it does not.

## What to do

The way around it, step by step.

## Bad

\`\`\`sql setup
CREATE TABLE orders (id bigint PRIMARY KEY);
\`\`\`
\`\`\`sql bad
LOCK TABLE orders;
-- ^^^^^^^ Locking "orders" makes others wait.
\`\`\`

## Good

\`\`\`sql good
CREATE TABLE orders (id bigint PRIMARY KEY);
\`\`\`
`

/** `drop-column` → `Drop column`. */
function title(id: string): string {
  const words = id.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The remaining steps by hand, in order. */
function next(id: string): string {
  return `Next:
  1. rules/${id}.ts: say what the rule looks at ("on" and "check"), and what it says. It keeps presets: { recommended: 'note' }.
  2. rules/${id}.md: say when it fires and what to do; docs/rule-pages.md lists what its SQL blocks may say.
  3. Try it: RULE=${id} npx vitest run test/rules/pages.test.ts test/rules/pages.postgres.test.ts
  4. CHANGELOG.md: a line under "Unreleased", in the words of somebody who uses the tool.
  5. npm run generate && npm run check && npm test`
}

const id = process.argv[2] ?? ''
const path = (ending: string) => fileURLToPath(new URL(`../rules/${id}.${ending}`, import.meta.url))
if (!/^[a-z]+(-[a-z0-9]+)+$/.test(id)) {
  console.error('usage: npm run new-rule <id>\nThe id names the bad pattern in lower case, with dashes: drop-column')
  process.exitCode = 2
} else if (existsSync(path('ts')) || existsSync(path('md'))) {
  console.error(`There is a rule ${id} already.`)
  process.exitCode = 2
} else {
  await writeFile(path('ts'), module(id))
  await writeFile(path('md'), page(id))
  const written = [`rules/${id}.ts`, `rules/${id}.md`, ...(await generate())]
  console.log([...written.map(file => `  ${file}`), '', next(id)].join('\n'))
}
