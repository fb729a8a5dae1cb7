// Bundles a bench as the published program is bundled, and runs it: node scripts/bundled-bench.mjs bench/code.ts [arguments]
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const [entry, ...rest] = process.argv.slice(2)
// As deep in the repository as the bench itself, so that its relative paths hold.
const outfile = join(root, '.cache', 'bench.mjs')
await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: 'esm',
  target: 'node20',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
})
const run = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' })
process.exitCode = run.status ?? 1
