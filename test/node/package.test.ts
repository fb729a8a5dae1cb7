import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }
import { blockingIndex, project } from './kit/program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What would be published, by npm itself. */
function packed(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  return files.map(({ path }) => path)
}

describe('the package (PC-10)', () => {
  let paths: readonly string[] = []
  beforeAll(() => {
    paths = packed()
  })

  it('runs by itself, from wherever it is installed and started', () => {
    const cwd = project(blockingIndex)
    const home = join(cwd, 'node_modules/migrate-lint')
    for (const path of paths) cpSync(join(root, path), join(home, path))
    for (const name of Object.keys(manifest.dependencies)) {
      const place = join(cwd, 'node_modules', name)
      mkdirSync(dirname(place), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), place, 'junction')
    }
    const args = [join(home, manifest.bin['migrate-lint']), '../migrations', '-f', 'gcc']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: join(cwd, 'node_modules'),
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(stdout).toContain('002_index.sql:1:1: error: ')
    expect(status).toBe(1)
  })

  it('has the program, the library, the schemas and the pages of rules, and nothing else', () => {
    const rest = paths.filter(path => !/^(dist\/(?!action\/)|schema\/\w+\.json$|rules\/[a-z-]+\.md$)/.test(path))
    expect([...rest].sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
  })

  it('needs no install script, of its own or of what it depends on', () => {
    const own = Object.keys(manifest.scripts).filter(name => /^(pre|post)?install$/.test(name))
    const others = Object.entries(lock.packages).filter(
      ([, entry]) => !('dev' in entry && entry.dev) && 'hasInstallScript' in entry && entry.hasInstallScript,
    )
    expect([...own, ...others]).toEqual([])
  })
})
