import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { commit, git, hosted, temporary, write } from './kit/checkouts.ts'
import { builtAction, definition, runStep } from './kit/workflow.ts'

builtAction()

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const [major] = manifest.version.split('.')

interface Step {
  readonly name?: string
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Strategy {
  readonly matrix: { readonly include?: readonly { readonly platform?: string }[] }
}

interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly strategy?: Strategy }>>
}

function events({ on }: Workflow): readonly string[] {
  return typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on)
}

/** The workflows that the documentation gives people to copy. */
const recipes = ['README.md', 'docs/github-action.md'].flatMap(path =>
  [...text(path).matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, yaml = '']): Workflow[] => {
    const workflow = parse(yaml)
    return workflow.jobs === undefined ? [] : [workflow]
  }),
)

describe.each(recipes.map(recipe => [events(recipe).join(', '), recipe] as const))('the recipe for %s', (_, recipe) => {
  const steps = Object.values(recipe.jobs).flatMap(job => job.steps)
  const own = steps.filter(({ uses }) => uses?.startsWith('migrate-lint/'))
  const inputs = own.flatMap(step => Object.entries(step.with ?? {}))

  test('uses this major version, and existing inputs (GA-07)', () => {
    expect(own.map(({ uses }) => uses)).toEqual([`migrate-lint/migrate-lint@v${major}`])
    expect(inputs.map(([name]) => name).filter(name => !(name in definition.inputs))).toEqual([])
  })

  test('asks for the permissions that it needs, and no others (GA-60)', () => {
    const comments = inputs.every(([name, value]) => name !== 'comment' || value !== 'never')
    const uploads = steps.some(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'))
    expect(recipe.permissions).toEqual({
      contents: 'read',
      ...(comments && { 'pull-requests': 'write' }),
      ...(uploads && { 'security-events': 'write' }),
    })
  })

  test('takes the checkout as it is by default: one commit, and none of a stranger (GA-61, GA-70)', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts).toHaveLength(1)
    expect(checkouts[0]?.with).toBeUndefined()
  })
})

test('code scanning also gets results of the main branch, whatever the outcome of the step is (SA-14)', () => {
  const [recipe, ...others] = recipes.filter(({ permissions }) => permissions?.['security-events'])
  expect(others).toEqual([])
  expect(recipe?.on).toEqual({ pull_request: null, push: { branches: ['main'] } })
  const [, lint, upload] = recipe?.jobs.lint?.steps ?? []
  expect(upload).toMatchObject({ if: 'always()', with: { sarif_file: lint?.with?.['sarif-file'] } })
})

/** Runs the script of a step as the runner does: bash, and an error ends it. */
function bash(script: string, cwd: string, env: Readonly<Record<string, string>>): string {
  return execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe('a release (GA-07)', () => {
  const workflow: Workflow = parse(text('.github/workflows/release.yml'))
  const scriptsOf = (job: string) => workflow.jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? []

  /** As much of GitHub's `gh` as publishing uses, on a repository beside it. */
  const gh = (origin: string, asked: string) => `#!/bin/sh
echo "$@" >> '${asked}'
case "$*" in
  'api repos/acme/shop/commits/'*) git -C '${origin}' rev-parse "\${2##*/}^{commit}" ;;
  *PATCH*) git -C '${origin}' rev-parse -q --verify "refs/tags/\${4##*/}" && git -C '${origin}' update-ref "refs/tags/\${4##*/}" "\${6#sha=}" ;;
  *POST*) git -C '${origin}' update-ref "\${6#ref=}" "\${8#sha=}" ;;
esac`

  interface Given {
    readonly tag: string
    /** Tags that there are already. */
    readonly tags?: readonly string[]
    /** The sum of what was tested, instead of the right one. */
    readonly tested?: string
    /** The tag is moved while it is tested. */
    readonly isMoved?: boolean
    /** An executable is not the one that was built. */
    readonly isStrange?: boolean
  }

  /** `migrate-lint-linux-x64.tar.gz` → `LINUX_X64`. */
  const variableOf = (archive: string) =>
    archive
      .replace(/^migrate-lint-|\.tar\.gz$/g, '')
      .replace('-', '_')
      .toUpperCase()

  /** Runs what publishes. */
  function publish({ tag, tags = [], tested, isMoved = false, isStrange = false }: Given) {
    const { root: origin } = hosted({ 'package.json': '{ "version": "3.1.0" }' }, { a: 'b' })
    for (const each of tags) git(origin, 'tag', each, 'HEAD~0')
    commit(origin, { later: 'x' })
    git(origin, 'tag', tag)
    const commitOfTag = git(origin, 'rev-parse', 'HEAD')
    if (isMoved) {
      commit(origin, { later: 'y' })
      git(origin, 'tag', '--force', tag)
    }
    const folder = temporary()
    write(folder, { 'release/package.tgz': 'packed', 'release/package.cdx.json': '{}' })
    const sums = bash('cd release && sha256sum -- * | sha256sum', folder, {}).trim()
    const executables =
      scriptsOf('publish')
        .join('\n')
        .match(/(?<=< executables\/)[\w.-]+/g) ?? []
    write(folder, Object.fromEntries(executables.map(name => [`executables/${name}`, name])))
    if (isStrange) write(folder, { [`executables/${executables[0]}`]: 'another program' })
    const bin = temporary()
    const asked = join(bin, 'asked')
    write(bin, { gh: gh(origin, asked), asked: '' })
    chmodSync(join(bin, 'gh'), 0o755)
    const env = {
      GITHUB_REF_NAME: tag,
      GITHUB_SHA: commitOfTag.trim(),
      GH_REPO: 'acme/shop',
      BUILT: sums,
      TESTED: tested ?? sums,
      ...Object.fromEntries(
        executables.map(name => [variableOf(name), createHash('sha256').update(name).digest('hex')]),
      ),
      PATH: `${bin}:${process.env.PATH}`,
    }
    const run = () => {
      for (const script of scriptsOf('publish')) bash(script, folder, env)
    }
    return { run, origin, executables, asked: () => readFileSync(asked, 'utf8') }
  }

  test('is tested first, is named as the package, and takes the major version with it', () => {
    expect(scriptsOf('test')[0]).toBe('.ci/run')
    const { run, origin, executables, asked } = publish({ tag: 'v3.1.0', tags: ['v3'] })
    run()
    const files = [
      'release/package.cdx.json',
      'release/package.tgz',
      ...executables.sort().map(name => `executables/${name}`),
    ]
    const created = `release create v3.1.0 --verify-tag --generate-notes ${files.join(' ')}`
    expect(
      asked()
        .split('\n')
        .filter(line => line.startsWith('release ')),
    ).toEqual([created])
    expect(git(origin, 'rev-parse', 'v3')).toBe(git(origin, 'rev-parse', 'v3.1.0'))
  })

  test('has an executable for each platform that builds one, under the address that README names', () => {
    const { include } = workflow.jobs.executable?.strategy?.matrix ?? {}
    const platforms = (include ?? []).map(({ platform = '' }) => platform)
    const built = platforms.map(platform => `migrate-lint-${platform}.tar.gz`)
    expect(built.length).toBeGreaterThan(3)
    expect(publish({ tag: 'v3.1.0' }).executables.sort()).toEqual([...built].sort())
    expect(text('README.md')).toContain('/releases/latest/download/migrate-lint-linux-x64.tar.gz')
    for (const platform of platforms) expect(text('README.md')).toContain(`\`${platform}\``)
  })

  test('the first of a major version makes its tag', () => {
    const { run, origin } = publish({ tag: 'v3.1.0' })
    run()
    expect(git(origin, 'rev-parse', 'v3')).toBe(git(origin, 'rev-parse', 'v3.1.0'))
  })

  test.each<Given>([
    { tag: 'v3.1.0', tested: 'another sum  -' },
    { tag: 'v3.1.0', tested: '' },
    { tag: 'v3.1.0', isMoved: true },
    { tag: 'v3.1.0', isStrange: true },
  ])('of something that was not tested is not published: %o', given => {
    const { run, asked } = publish(given)
    expect(run).toThrow()
    expect(asked()).not.toMatch(/release create|--method/)
  })

  test('of a version other than that of the package is not published', () => {
    const folder = temporary()
    write(folder, { 'package.json': '{ "version": "3.1.0" }' })
    const [check = 'false'] = scriptsOf('build')
    expect(() => bash(check, folder, { GITHUB_REF_NAME: 'v3.2.0' })).toThrow()
    expect(bash(check, folder, { GITHUB_REF_NAME: 'v3.1.0' })).toBe('')
  })
})

test('the workflow that uses the action on every platform finds what it looks for (GA-13)', async () => {
  const workflow: Workflow = parse(text('.github/workflows/action.yml'))
  const job = workflow.jobs.use
  expect(job?.strategy).toMatchObject({ matrix: { os: ['ubuntu', 'macos', 'windows'] } })
  const step = job?.steps.find(({ uses }) => uses === './')
  const check = job?.steps.at(-1)
  const workspace = temporary()
  cpSync(join(root, 'fixtures/demo'), join(workspace, 'fixtures/demo'), { recursive: true })
  git(workspace, 'init', '-q', '-b', 'main')
  commit(workspace)
  const inputs = Object.fromEntries(Object.entries(step?.with ?? {}).map(([name, value]) => [name, String(value)]))
  expect(Object.keys(inputs).filter(name => !(name in definition.inputs))).toEqual([])
  const { outputs } = await runStep({ workspace, event: 'push', payload: { before: '0'.repeat(40) }, inputs })
  const env = { CONCLUSION: outputs.conclusion ?? '', ERRORS: outputs['errors-count'] ?? '' }
  bash(check?.run ?? 'false', workspace, env)
  expect(existsSync(join(workspace, 'report.sarif'))).toBe(true)
})
