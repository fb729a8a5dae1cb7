// npm run demo: lints the sample project in fixtures/demo and prints the report. The demo is meant to have findings, so
// they are not an error here; it fails only if the tool itself fails.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

function run(script, args, options) {
  const { status, error } = spawnSync(process.execPath, [`${root}${script}`, ...args], { stdio: 'inherit', ...options })
  if (error) throw error
  return status ?? 2
}

function demo() {
  const prepared = run('scripts/setup.mjs', []) || run('scripts/build.mjs', ['--no-types'])
  if (prepared !== 0) return prepared
  console.error('$ cd fixtures/demo && migrate-lint\n')
  const status = run('dist/cli.js', process.argv.slice(2), { cwd: `${root}fixtures/demo` })
  return status === 1 ? 0 : status
}

process.exitCode = demo()
