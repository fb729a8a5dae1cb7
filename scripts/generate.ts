// Writes every file that is generated from others: npm run generate. Running it twice changes nothing; CI fails if one is stale.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Rule, RuleDefinition } from '../src/lint/rule.ts'
import { systems } from '../src/systems/index.ts'
import { writeAction } from './build-action.mjs'
import { actionFile, actionTables } from './generate/action.ts'
import { captureFile } from './generate/capture-schema.ts'
import { configFile } from './generate/config-schema.ts'
import { formatTable } from './generate/formats.ts'
import { betweenMarkers } from './generate/markers.ts'
import { pagesModule, registryModule } from './generate/registry.ts'
import { reportFile } from './generate/report-schema.ts'
import { ruleIndex, ruleTable } from './generate/rule-index.ts'
import { statisticsFile } from './generate/statistics-schema.ts'
import { systemIndex } from './generate/system-index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export async function generate(): Promise<string[]> {
  const files = await readdir(join(root, 'rules'))
  const named = files
    .flatMap(file => (/^[a-z0-9-]+\.ts$/.test(file) && file !== 'index.ts' ? [file.slice(0, -3)] : []))
    .sort()
  const changed: string[] = []
  const write = async (path: string, content: string) => {
    const there = await readFile(join(root, path), 'utf8').catch(() => null)
    if (there === content) return
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
    changed.push(path)
  }
  const pages = new Map<string, string>()
  for (const id of named) {
    const page = await readFile(join(root, 'rules', `${id}.md`), 'utf8').catch(() => null)
    if (page === null) console.error(`rules/${id}.ts is left out: it has no page rules/${id}.md`)
    else pages.set(id, page)
  }
  const ids = [...pages.keys()]
  await write('rules/index.ts', registryModule(ids))
  await write('rules/pages.generated.ts', pagesModule(pages))

  const rules: Rule[] = []
  for (const id of ids) {
    const module = (await import(pathToFileURL(join(root, 'rules', `${id}.ts`)).href)) as { default: RuleDefinition }
    rules.push({ ...module.default, id })
  }
  await write('docs/rules.md', ruleIndex(rules))
  await write('docs/systems.md', systemIndex(systems, await detections()))
  await write('schema/config.json', configFile(rules))
  await write('schema/report.json', reportFile())
  await write('schema/stats.json', statisticsFile())
  await write('schema/capture.json', captureFile())
  await write('action.yml', actionFile())
  for (const [path, name, content] of [
    ['README.md', 'formats', formatTable()],
    ['README.md', 'rules', ruleTable(rules)],
    ['docs/github-action.md', 'inputs', actionTables()],
  ] as const) {
    await write(path, betweenMarkers(await readFile(join(root, path), 'utf8'), name, content))
  }
  return [...changed, ...(await writeAction())]
}

/** The sign by which each system was recognised in its fixture. */
async function detections(): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, 'fixtures/systems')
  const found = new Map<string, string>()
  for (const name of (await readdir(folder)).sort()) {
    const expected = await readFile(join(folder, name, 'expected.json'), 'utf8').catch(() => '{}')
    const { projects = [] } = JSON.parse(expected) as { projects?: { system: string; because: string }[] }
    for (const { system, because } of projects) if (!found.has(system) || system === name) found.set(system, because)
  }
  return found
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const changed = await generate()
  console.log(changed.length === 0 ? 'Nothing to do.' : `Written: ${changed.join(', ')}`)
}
