// Makes a fresh clone ready: installs the dependencies if they are missing or differ from package-lock.json.
// Plain JavaScript and nothing but Node: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The `packages` of a lock file, or null when there is none. */
function packages(path) {
  try {
    return JSON.parse(readFileSync(`${root}${path}`, 'utf8')).packages
  } catch {
    return null
  }
}

/** True when every package of the lock file is installed in its version. npm keeps the list of what it installed. */
function isInstalled() {
  const wanted = packages('package-lock.json')
  const installed = packages('node_modules/.package-lock.json')
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link) return true
    // Packages for other platforms are optional and not installed.
    return installed[path] ? installed[path].version === version : optional
  })
}

/** Runs npm, also on systems where it is a script that only a shell can start. Its output goes to stderr. */
function npm(...args) {
  const script = process.env.npm_execpath
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const run = script?.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (run.error) throw run.error
  if (run.status !== 0) throw new Error(`npm ${args.join(' ')} stopped with exit code ${run.status}`)
}

const [major] = process.versions.node.split('.').map(Number)
try {
  if (major < 20) throw new Error(`migrate-lint needs Node.js 20 or newer, and this is ${process.version}.`)
  if (!isInstalled()) {
    console.error('Installing the dependencies (npm ci) …')
    npm('ci', '--no-audit', '--no-fund')
  }
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
