import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import manifest from '../package.json' with { type: 'json' }
import { configNames } from '../src/node/input/config-names.ts'

// What other programs read of this project. test/command-lines.test.ts looks at the commands in it.

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const schema = 'https://raw.githubusercontent.com/migrate-lint/migrate-lint/main/schema/config.json'

test('the recipes for CI are YAML, and each lints changes and insists on a comparison', () => {
  const blocks = Array.from(read('docs/ci.md').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm), ([, language, text = '']) => ({
    language,
    text,
  }))
  const recipes = blocks.filter(({ text }) => text.includes('npx --yes migrate-lint@'))
  expect(recipes.length).toBeGreaterThan(6)
  for (const { language, text } of blocks) if (language === 'yaml') expect(() => parse(text)).not.toThrow()
  for (const { text } of recipes) expect(text).toMatch(/npx --yes migrate-lint@0 --changed .*--require-history/)
})

test('docs/ci.md names the variables of CI that the program reads, and no others', () => {
  const [, targets = ''] = /^const targets: [^=]*= \[\n([\s\S]*?)^\]/m.exec(read('src/node/git/base.ts')) ?? []
  const asked = Array.from(targets.matchAll(/'([A-Z_]+)'/g), ([, name]) => name)
  const table = read('docs/ci.md')
    .split('\n')
    .filter(line => line.startsWith('|'))
    .join('\n')
  const said = Array.from(table.matchAll(/`([A-Z]+_[A-Z_]+)`/g), ([, name]) => name)
  expect(asked.length).toBeGreaterThan(7)
  expect(said.sort()).toEqual(asked.sort())
})

/** The component as GitLab fills it in: the first document says which inputs there are. */
function component(given: Readonly<Record<string, string>>): Record<string, unknown> {
  const text = read('integrations/gitlab/templates/migrate-lint.yml')
  const [head = '', body = ''] = text.split(/^---$/m)
  const { inputs } = (parse(head) as { spec: { inputs: Record<string, { default: string; description: string }> } })
    .spec
  for (const [name, { description }] of Object.entries(inputs)) {
    expect(description, name).toMatch(/\.$/)
    expect(body, `the input "${name}" is used`).toContain(`$[[ inputs.${name} ]]`)
  }
  const filled = body.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
    const value = given[name] ?? inputs[name]?.default
    if (value === undefined) throw new Error(`the input "${name}" is not declared`)
    return value
  })
  return parse(filled) as Record<string, unknown>
}

test("the component for GitLab makes one job, with GitLab's own reports", () => {
  expect(parseAllDocuments(read('integrations/gitlab/templates/migrate-lint.yml'))).toHaveLength(2)
  expect(component({})).toMatchObject({
    'migrate-lint': {
      stage: 'test',
      image: 'node:22',
      variables: { GIT_DEPTH: '0' },
      artifacts: { reports: { codequality: 'gl-code-quality-report.json', junit: 'migrate-lint.xml' } },
    },
  })
  const named = component({ 'job-name': 'lint', version: '0.1.0', paths: 'db/migrations', arguments: '--notes' })
  const { script } = named.lint as { script: string[] }
  expect(script).toHaveLength(1)
  expect(script[0]).toMatch(/^npx --yes migrate-lint@0\.1\.0 .* --notes db\/migrations$/)
  // The recipe in the documentation is the same job, by hand.
  const [, recipe = ''] = /^```yaml\n# \.gitlab-ci\.yml\n([\s\S]*?)^```$/m.exec(read('docs/ci.md')) ?? []
  const byHand = (parse(recipe) as Record<string, { script: string[] }>)['migrate-lint']
  const filled = component({})['migrate-lint'] as { script: string[] }
  expect(byHand?.script).toEqual(filled.script.map(line => line.trim()))
})

test('MegaLinter can load the plugin, and installs it by what it runs of plugins', () => {
  // MegaLinter refuses another name of folder or file, and runs nothing of a plugin but RUN (its plugin_factory.py).
  const path = 'integrations/mega-linter-plugin-migrate-lint/migrate-lint.megalinter-descriptor.yml'
  const { descriptor_id, linters } = parse(read(path)) as {
    descriptor_id: string
    linters: { name: string; cli_lint_mode: string; install: Record<string, string[]>; cli_sarif_args: string[] }[]
  }
  expect(linters).toHaveLength(1)
  const [{ name, cli_lint_mode, install, cli_sarif_args } = linters[0] as never] = linters
  expect(name.startsWith(`${descriptor_id}_`)).toBe(true)
  expect(cli_lint_mode).toBe('project')
  expect(Object.keys(install)).toEqual(['dockerfile'])
  expect(install.dockerfile?.filter(line => !line.startsWith('RUN '))).toEqual([])
  expect(cli_sarif_args).toEqual(['--format', 'sarif', '--output-file', '{{SARIF_OUTPUT_FILE}}'])
})

test('the plugin for Trunk knows this version, and all names of configurations', () => {
  const plugin = parse(read('integrations/trunk/plugin.yaml')) as {
    tools: { definitions: { known_good_version: string; package: string }[] }
    lint: { definitions: { known_good_version: string; direct_configs: string[]; commands: { output: string }[] }[] }
  }
  const [tool, linter] = [plugin.tools.definitions[0], plugin.lint.definitions[0]]
  expect(tool).toMatchObject({ package: manifest.name, known_good_version: manifest.version })
  expect(linter?.known_good_version).toBe(manifest.version)
  expect(linter?.direct_configs).toEqual(configNames)
  expect(linter?.commands.map(({ output }) => output)).toEqual(['sarif'])
})

test('the entry for SchemaStore names our schema, for the configurations that are JSON', () => {
  // As its catalog is described: nothing but these, and addresses with https.
  const address = { type: 'string', pattern: '^https://' }
  const entry = {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'url', 'description'],
    properties: {
      name: { type: 'string' },
      description: { type: 'string' },
      fileMatch: { type: 'array', uniqueItems: true, items: { type: 'string' } },
      url: address,
    },
  }
  const catalog = JSON.parse(read('integrations/schemastore/catalog.json'))
  const validate = new Ajv().compile({
    type: 'object',
    additionalProperties: false,
    required: ['$schema', 'version', 'schemas'],
    properties: { $schema: address, version: { const: 1 }, schemas: { type: 'array', items: entry } },
  })
  expect(validate(catalog), JSON.stringify(validate.errors)).toBe(true)
  const [{ url, fileMatch }] = catalog.schemas
  expect(url).toBe(schema)
  expect(existsSync(`${root}schema/config.json`)).toBe(true)
  expect(fileMatch).toEqual(configNames.filter(name => /\.jsonc?$/.test(name)))
})
