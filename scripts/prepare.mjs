// Runs as npm's `prepare`: after `npm ci` in a clone, and where the package is installed from git. Builds dist/.
// Plain JavaScript and nothing but Node: it may run before anything is installed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The packages that the build needs. */
function isInstalled() {
  try {
    import.meta.resolve('esbuild')
    return true
  } catch {
    return false
  }
}

function run(program, args, options) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

// `npm install --global git+…`, which is what pre-commit does, runs its inner `npm install` as a global one too: the development
// dependencies of the clone are not installed then, and the build would have nothing to work with.
if (!isInstalled() && process.env.npm_config_global === 'true') {
  const args = ['ci', '--global=false', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath
  if (npm) run(process.execPath, [npm, ...args])
  else run('npm', args, { shell: process.platform === 'win32' })
}
run(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url))])
