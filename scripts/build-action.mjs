// Builds dist/action: everything that the GitHub Action consists of. It is committed, because the runner installs nothing. The same
// package-lock.json gives the same result on every machine.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { billOfMaterials, licences, packagesOf } from './bundled.mjs'
import { grammarFiles, grammarPackages } from './grammars.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'dist/action'

/** Files of the action, by path. */
export async function actionFiles() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: 'src/node/action/main.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    metafile: true,
    // CommonJS has the __dirname with which libpg-query finds its .wasm file.
    format: 'cjs',
    target: 'node20',
    platform: 'node',
    // web-tree-sitter makes a `require` from it, and CommonJS does not have it.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    // The CommonJS form of some packages hides their imports from the bundler.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  })
  const packages = [...new Set([...packagesOf(Object.keys(metafile.inputs)), ...grammarPackages])].sort()
  const grammars = await grammarFiles(folder)
  return new Map([
    [`${folder}/index.cjs`, Buffer.from(outputFiles[0].contents)],
    [`${folder}/libpg-query.wasm`, await readFile(join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm'))],
    ...grammars.map(({ path, contents }) => [path, contents]),
    [`${folder}/licenses.txt`, Buffer.from(await licences(packages))],
    [`${folder}/sbom.cdx.json`, Buffer.from(await billOfMaterials(packages))],
  ])
}

/** Writes changed files and removes files that do not belong to the action. Returns their paths. */
export async function writeAction() {
  const files = await actionFiles()
  await mkdir(join(root, folder, 'grammars'), { recursive: true })
  const changed = []
  for (const [path, contents] of files) {
    const there = await readFile(join(root, path)).catch(() => null)
    if (there?.equals(contents)) continue
    await writeFile(join(root, path), contents)
    changed.push(path)
  }
  const wanted = [...files.keys()].flatMap(path => [path, dirname(path)])
  for (const name of await readdir(join(root, folder), { recursive: true })) {
    if (wanted.includes(`${folder}/${name.replaceAll('\\', '/')}`)) continue
    await rm(join(root, folder, name), { recursive: true, force: true })
    changed.push(`${folder}/${name}`)
  }
  return changed
}
