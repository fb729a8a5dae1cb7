import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

// The parts of this project and its release: others may change none of them without a change that somebody sees.

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>> | string
  readonly steps: readonly Step[]
  readonly needs?: string | readonly string[]
  readonly uses?: string
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>> | string
  readonly jobs: Readonly<Record<string, Job>>
  readonly on: unknown
}

const workflows = readdirSync(`${root}.github/workflows`).map(name => {
  const text = read(`.github/workflows/${name}`)
  return { name, text, workflow: parse(text) as Workflow }
})
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name} ${id}`, job, workflow })),
)
const writes = ({ job, workflow }: (typeof jobs)[number]) => {
  const permissions = job.permissions ?? workflow.permissions ?? 'write-all'
  return typeof permissions === 'string' ? permissions : Object.values(permissions).join(' ')
}

describe('workflows', () => {
  test('exist, with jobs that have steps', () => {
    expect(workflows.map(({ name }) => name)).toContain('release.yml')
    for (const { name, job } of jobs) expect(job.steps?.length, name).toBeGreaterThan(0)
  })

  test.each(workflows)('$name pins every action to a commit, and names its version', ({ text, workflow }) => {
    const used = Object.values(workflow.jobs).flatMap(job => [job.uses, ...job.steps.map(({ uses }) => uses)])
    for (const uses of used) if (uses !== undefined && !uses.startsWith('./')) expect(uses).toMatch(/@[0-9a-f]{40}$/)
    for (const [, line = ''] of text.matchAll(/uses: (.*)/g)) {
      if (!line.startsWith('./')) expect(line).toMatch(/ # v\d+\.\d+\.\d+$/)
    }
  })

  test('one action has one commit', () => {
    const used = workflows.flatMap(({ text }) => Array.from(text.matchAll(/uses: ([^.].*)/g), ([, line = '']) => line))
    const byName = new Map(used.map(line => [line.split('@')[0], line]))
    expect([...new Set(used)].sort()).toEqual([...byName.values()].sort())
  })

  test.each(workflows)('$name gives no rights but to single jobs, which say theirs', ({ workflow }) => {
    expect(workflow.permissions).toEqual({})
    for (const [id, { permissions }] of Object.entries(workflow.jobs)) expect(typeof permissions, id).toBe('object')
  })

  test.each(workflows)('$name keeps no credentials in a checkout', ({ workflow }) => {
    const checkouts = Object.values(workflow.jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const { with: given } of checkouts) expect(given?.['persist-credentials']).toBe(false)
  })

  test.each(workflows)('$name puts nothing of an event into a command', ({ workflow }) => {
    for (const { steps } of Object.values(workflow.jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain(['$', '{{'].join(''))
    }
  })

  test.each(workflows)('$name does not run on events in which strangers act with rights', ({ workflow }) => {
    expect(JSON.stringify(workflow.on)).not.toMatch(/pull_request_target|workflow_run|issue_comment/)
  })

  const writing = jobs.filter(each => /write/.test(writes(each)))

  test('exactly one job may write to the repository, one may say who it is, and one may push images', () => {
    expect(writing.map(({ name, job }) => [name, job.permissions])).toEqual([
      ['release.yml publish', { contents: 'write' }],
      ['release.yml registry', { 'id-token': 'write' }],
      ['release.yml container', { packages: 'write' }],
    ])
  })

  test.each(writing)('$name runs nothing of the project, and nothing that npm installs', ({ name, job }) => {
    const isRegistry = name === 'release.yml registry'
    const uses = job.steps.flatMap(step => step.uses ?? [])
    const allowed = isRegistry ? /^actions\/(download-artifact|setup-node)@/ : /^actions\/download-artifact@/
    expect(uses.filter(each => !allowed.test(each))).toEqual([])
    const publishing = 'npm publish --ignore-scripts ./release/migrate-lint-*.tgz'
    const runs = job.steps.map(({ run = '' }) => run)
    expect(runs.includes(publishing)).toBe(isRegistry)
    const commands = runs.filter(run => run !== publishing).join('\n')
    const isContainer = name === 'release.yml container'
    // What an image contains does not run where it is pushed.
    const pushing = /^(for (architecture|tag) in |docker (login|load --input|tag|push|buildx imagetools create) )/
    expect(commands).not.toMatch(/docker (build|run|exec|create|compose|start|pull)\b/)
    expect(commands).not.toMatch(
      /\b(npm|npx|node|yarn|pnpm|tsx|git|curl|wget|bash|sh|eval|source)\s|\.ci|scripts\/|\.\//,
    )
    for (const line of commands.split('\n').map(each => each.trim()))
      if (!isContainer || !pushing.test(line)) expect(line).toMatch(/^(test |gh |for moved in |done$|$)/)
    expect(commands).toMatch(/sha256sum/)
    if (!isRegistry && !isContainer) expect(commands).toMatch(/GITHUB_SHA/)
    // These wait for the job that looks whether the tag still names the commit that was tested.
    else expect([job.needs].flat()).toContain('publish')
  })

  test.each(writing)('$name waits for the tests', ({ job, workflow }) => {
    const tests = Object.entries(workflow.jobs).filter(([, { steps }]) => steps.some(({ run }) => run === '.ci/run'))
    expect(tests).toHaveLength(1)
    expect([job.needs].flat()).toContain(tests[0]?.[0])
  })
})

describe('dependencies', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
  const installed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev)

  test('none of those that run has an install script, and neither has the package', () => {
    expect(installed.length).toBeGreaterThan(10)
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
    for (const [path] of installed) {
      const { scripts = {} } = JSON.parse(read(`${path}/package.json`)) as { scripts?: Record<string, string> }
      expect(
        Object.keys(scripts).filter(name => /^(pre|post)?install$/.test(name)),
        path,
      ).toEqual([])
    }
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(Object.keys(scripts).filter(name => /^(pre|post)?install$/.test(name))).toEqual([])
  })

  test('the lock file has every package that another one asks for, so that it can be installed', () => {
    const has = (from: string, name: string): boolean => {
      const own = from === '' ? '' : `${from}/`
      if (lock.packages[`${own}node_modules/${name}`]) return true
      const above = from.lastIndexOf('/node_modules/')
      return from !== '' && has(above < 0 ? '' : from.slice(0, above), name)
    }
    const missing = Object.entries(lock.packages).flatMap(([path, { dependencies = {}, optionalDependencies = {} }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter(name => !has(path, name)),
    )
    expect(missing).toEqual([])
  })

  test('every package of the lock file has a sum, and none is from elsewhere', () => {
    for (const [path, { integrity, resolved, link }] of Object.entries(lock.packages)) {
      if (path === '' || link) continue
      expect(integrity, path).toMatch(/^sha512-/)
      expect(resolved ?? '', path).not.toMatch(/^(git|http:|file:)/)
    }
  })
})

interface Locked {
  readonly version: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

describe('bills of materials', () => {
  // The schemas as the CycloneDX project (Apache-2.0) publishes them.
  const schema = (name: string): object => JSON.parse(read(`test/hostile/cyclonedx/${name}.schema.json`))
  const ajv = new Ajv({ strict: false, validateFormats: false })
  for (const name of ['spdx', 'jsf-0.82']) {
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`)
  }
  const validate = ajv.compile(schema('bom-1.4'))

  /** What esbuild reads for an entry, as `name@version`, whatever the build says about it. */
  async function bundled(entries: Readonly<Record<string, string>>, external: readonly string[]): Promise<string[]> {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: entries,
      outdir: 'nowhere',
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      external: [...external],
      logLevel: 'error',
    })
    const folders = Object.keys(metafile.inputs).flatMap(
      path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    )
    return [...new Set(folders.map(named))].sort()
  }

  /** The package in this folder, as `name@version`. */
  function named(folder: string): string {
    const { name, version } = JSON.parse(read(`${folder}/package.json`)) as { name: string; version: string }
    return `${name}@${version}`
  }

  const webAssembly = (folder: string) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .map(path => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter(path => path.endsWith('.wasm'))
  const sum = (path: string) =>
    createHash('sha256')
      .update(readFileSync(root + path))
      .digest('hex')

  // By their sums. One file may lie in several packages; then the bill may name any of them.
  const published = new Map<string, Set<string>>()
  for (const path of webAssembly('node_modules')) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? ''
    const packages = published.get(sum(path)) ?? new Set()
    published.set(sum(path), packages.add(named(folder)))
  }

  /** What else is handed out: of each .wasm file the packages that have it byte for byte. esbuild knows nothing of what is copied. */
  function copied(files: readonly string[]): { readonly file: string; readonly packages: readonly string[] }[] {
    return files.map(file => ({ file, packages: [...(published.get(sum(file)) ?? [])] }))
  }

  /** The packages of copied files that are not among these. Every file must come from a package. */
  function besides(inside: readonly string[], files: readonly string[]): string[] {
    expect(files.length).toBeGreaterThan(8)
    const from = copied(files).filter(({ packages }) => !packages.some(each => inside.includes(each)))
    for (const { file, packages } of from) expect(packages, `${file} comes from one package`).toHaveLength(1)
    return from.flatMap(({ packages }) => packages)
  }

  function listed(path: string): string[] {
    const bill: unknown = JSON.parse(read(path))
    expect(validate(bill), JSON.stringify(validate.errors)).toBe(true)
    const { components } = bill as { components: { purl: string; licenses: unknown[] }[] }
    for (const { purl, licenses } of components) expect(licenses, purl).not.toEqual([])
    return components
      .flatMap(({ purl }) => (purl.startsWith('pkg:npm/') ? decodeURIComponent(purl.slice(8)) : []))
      .sort()
  }

  test('that of the action names exactly the packages in its bundle, by name and version', async () => {
    const inside = await bundled({ index: 'src/node/action/main.ts' }, [])
    expect(inside).toContain('libpg-query@18.1.5')
    const more = besides(inside, webAssembly('dist/action'))
    expect(more).toContain('tree-sitter-elixir@0.3.5')
    expect(listed('dist/action/sbom.cdx.json')).toEqual([...new Set([...inside, ...more])].sort())
  })

  test('that of the package names the packages in its bundles, and the others are dependencies', async () => {
    const entries = { cli: 'src/node/cli.ts', index: 'src/index.ts' }
    type Named = Record<string, string>
    const { dependencies, peerDependencies } = JSON.parse(read('package.json')) as Record<string, Named>
    const all = await bundled(entries, [])
    const inside = listed('dist/sbom.cdx.json')
    const outside = all.filter(each => !inside.includes(each)).map(each => each.replace(/@[^@]*$/, ''))
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
    // PostgreSQL for `trace` and `capture` is installed by people who want it.
    const installed = outside.filter(name => !Object.hasOwn(peerDependencies ?? {}, name))
    for (const name of installed) expect(lock.packages[`node_modules/${name}`]?.dev, name).toBeUndefined()
    const more = besides(
      all,
      webAssembly('dist').filter(path => !path.startsWith('dist/action/')),
    )
    for (const each of inside) expect([...all, ...more]).toContain(each)
    expect(inside).toEqual(expect.arrayContaining(more))
    // The browser's bundle holds the parser.
    expect(inside.some(each => each.startsWith('libpg-query@'))).toBe(true)
    expect(Object.keys(dependencies ?? {})).toEqual(expect.arrayContaining(['libpg-query', 'pg']))
  })

  test.each(['dist/action', 'dist'])('licences are beside it: %s', folder => {
    const text = read(`${folder}/licenses.txt`)
    for (const each of listed(`${folder}/sbom.cdx.json`)) {
      const at = each.lastIndexOf('@')
      expect(`\n${text}`).toContain(`\n${each.slice(0, at)} ${each.slice(at + 1)} (`)
    }
    expect(text).toContain('PostgreSQL Database Management System')
  })
})

test('SECURITY.md has the promises, their tests, the way to report, and the versions that get fixes', () => {
  expect(existsSync(`${root}SECURITY.md`)).toBe(true)
  const headings = Array.from(read('SECURITY.md').matchAll(/^## (.*)$/gm), ([, heading]) => heading)
  expect(headings).toEqual(['Our promises', 'How it is tested', 'Supported versions', 'How to report'])
  const named = Array.from(read('SECURITY.md').matchAll(/`((?:test|docs)\/[^`]+)`/g), ([, path = '']) => path)
  expect(named.length).toBeGreaterThan(1)
  for (const path of named) expect(existsSync(root + path), path).toBe(true)
})
