// Builds dist/: the command line program, the library, and the library's type declarations.
// Plain JavaScript on purpose: it runs in `prepare`, before anything is built. Run with --no-types to skip the declarations.
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { browserBundle } from './browser.mjs'
import { billOfMaterials, licences, packagesOf } from './bundled.mjs'
import { declarations } from './declarations.mjs'
import { grammarFiles, grammarPackages } from './grammars.mjs'
import { programBundle } from './program.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** The packages inside of the bundles. Those that stay outside are named in package.json, and bring their own licences. */
async function papers(inputs) {
  const packages = [...new Set([...packagesOf(inputs), ...grammarPackages])].sort()
  return [
    { path: join(dist, 'licenses.txt'), contents: Buffer.from(await licences(packages)) },
    { path: join(dist, 'sbom.cdx.json'), contents: Buffer.from(await billOfMaterials(packages)) },
  ]
}

/** Writes changed files and removes those that only an earlier build had, so that a running program keeps its files. */
async function write(files) {
  const wanted = new Set(files.map(file => relative(dist, file.path)))
  for (const file of files) {
    const there = await readFile(file.path).catch(() => null)
    if (there?.equals(file.contents)) continue
    await mkdir(dirname(file.path), { recursive: true })
    await writeFile(file.path, file.contents)
  }
  for (const name of await readdir(join(dist, 'chunks')).catch(() => [])) {
    if (!wanted.has(join('chunks', name))) await rm(join(dist, 'chunks', name))
  }
  await chmod(join(dist, 'cli.js'), 0o755)
}

try {
  const bundles = [await programBundle(), await browserBundle()]
  const files = bundles.flatMap(({ outputFiles }) => outputFiles)
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  await write([...files, ...(await grammarFiles(dist)), ...(await papers(inputs))])
  if (!process.argv.includes('--no-types')) await writeFile(join(dist, 'index.d.ts'), await declarations())
} catch (error) {
  const missing = error.code === 'ERR_MODULE_NOT_FOUND'
  console.error(
    missing ? `${error.message}\nThe build needs the development dependencies: run npm ci first.` : error.message,
  )
  process.exitCode = 1
}
