import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isRuleId } from '../../lint/plugin.ts'
import { visible } from '../../report/visible.ts'
import { slashes } from '../disk/path.ts'
import { createTyped } from '../disk/writing.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { NewRuleFlags } from '../flags.ts'
import { tell } from '../output/stderr.ts'

/** `migrate-lint new-rule <id> --plugin <folder>`: writes a rule with its page, and the plugin around it if there is none. Returns the exit code. */
export function newRuleCommand(id: string, { plugin }: NewRuleFlags): number {
  if (!isRuleId(id)) {
    throw new Failure(`"${id}" cannot be the id of a rule: it is in lower case, with dashes, such as "table-name".`)
  }
  const files = [
    { name: `${id}.mjs`, text: rule(id) },
    { name: `${id}.md`, text: page(id) },
  ]
  const around = [
    { name: 'index.mjs', text: index(id) },
    { name: 'plugin.test.mjs', text: harness },
  ]
  const existing = files.find(({ name }) => existsSync(join(plugin, name)))
  if (existing)
    throw new Failure(`There is a file ${slashes(join(plugin, existing.name))} already; nothing was written.`)
  const isNew = !existsSync(join(plugin, 'index.mjs'))
  const missing = around.filter(({ name }) => !existsSync(join(plugin, name)))
  for (const { name, text } of [...files, ...missing]) {
    const path = join(plugin, name)
    try {
      createTyped(path, text)
    } catch (error) {
      throw new Failure(`Cannot write ${visible(slashes(path))}: ${reason(error)}.`)
    }
    tell(`Wrote ${visible(slashes(path))}.`)
  }
  process.stdout.write(next(id, slashes(plugin), isNew))
  return exitCodes.ok
}

/** `table-name` → `tableName`. */
function variable(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function rule(id: string): string {
  const words = id.replaceAll('-', ' ')
  return `/** @type {import('migrate-lint').OperationRule<'create-table'>} */
export default {
  title: '${words.charAt(0).toUpperCase()}${words.slice(1)}',
  why: 'Say here, in one or two sentences, what happens to the people who work with this.',
  severity: 'warning',
  category: 'schema',
  on: ['create-table'],

  check({ operation }) {
    if (/^[a-z][a-z0-9_]*$/.test(operation.name)) return
    return {
      at: operation.keyword,
      message: \`The name "\${operation.name}" is not in lower case.\`,
      help: 'Say here what to do instead.',
    }
  },
}
`
}

function page(id: string): string {
  return `# ${id}

What happens, to whom, and when it does not.

## What to do

The way around it, step by step.

## Bad

\`\`\`sql bad
CREATE TABLE "Orders" (id bigint PRIMARY KEY);
-- ^^^^^^^^^ The name "Orders" is not in lower case.
\`\`\`

## Good

\`\`\`sql good
CREATE TABLE orders (id bigint PRIMARY KEY);
\`\`\`
`
}

function index(id: string): string {
  return `// The rules of this plugin, each with its page.
import { readFileSync } from 'node:fs'
import ${variable(id)} from './${id}.mjs'

const rules = {
  '${id}': ${variable(id)},
}

const page = id => readFileSync(new URL(\`./\${id}.md\`, import.meta.url), 'utf8')

/** @type {import('migrate-lint').Plugin} */
export default { rules, pages: Object.fromEntries(Object.keys(rules).map(id => [id, page(id)])) }
`
}

const harness = `// Tries the examples in the pages of the rules: node --test
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPlugin } from 'migrate-lint'
import plugin from './index.mjs'

for (const { id, mistakes } of await checkPlugin(plugin)) {
  test(id, () => assert.deepEqual(mistakes, []))
}
`

function next(id: string, folder: string, isNew: boolean): string {
  const place = /^\.{0,2}\//.test(folder) ? folder : `./${folder}`
  const known = isNew
    ? `Name the plugin in the configuration: "plugins": { "acme": "${place}/index.mjs" }`
    : `Add the rule to ${folder}/index.mjs: import ${variable(id)} from './${id}.mjs', and '${id}': ${variable(id)} in "rules".`
  return `Next:
  1. ${folder}/${id}.mjs: say what the rule looks at and what it says. The operations and their fields are in the types of migrate-lint.
  2. ${folder}/${id}.md: say when it fires and what to do. Its blocks "sql bad" and "sql good" are its tests.
  3. ${known}
  4. Try the pages: node --test ${folder}/
  5. Run it: migrate-lint --plugins
`
}
