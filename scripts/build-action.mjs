// Builds dist/action: all that the GitHub Action is made of. It is committed, as the runner installs nothing; with the same
// package-lock.json it comes out the same on every machine.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

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
    // CommonJS has the __dirname by which libpg-query finds its .wasm file.
    format: 'cjs',
    target: 'node20',
    platform: 'node',
    // The other form of some packages hides from the bundler what they require.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  })
  const packages = packagesOf(Object.keys(metafile.inputs))
  return new Map([
    [`${folder}/index.cjs`, Buffer.from(outputFiles[0].contents)],
    [`${folder}/libpg-query.wasm`, await readFile(join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm'))],
    [`${folder}/licenses.txt`, Buffer.from(await licenses(packages))],
  ])
}

/** Writes what changed and removes what is not the action's. Returns the paths. */
export async function writeAction() {
  const files = await actionFiles()
  await mkdir(join(root, folder), { recursive: true })
  const changed = []
  for (const [path, contents] of files) {
    const there = await readFile(join(root, path)).catch(() => null)
    if (there?.equals(contents)) continue
    await writeFile(join(root, path), contents)
    changed.push(path)
  }
  for (const name of await readdir(join(root, folder))) {
    if (files.has(`${folder}/${name}`)) continue
    await rm(join(root, folder, name), { recursive: true })
    changed.push(`${folder}/${name}`)
  }
  return changed
}

/** Folders of the packages that files in node_modules belong to. */
function packagesOf(inputs) {
  const folders = inputs.flatMap(path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  return [...new Set(folders)].sort()
}

/** The notices that their licences ask for. A package without any is an error: it could not be shipped. */
async function licenses(packages) {
  const notices = await Promise.all(
    packages.map(async path => {
      const { name, version, license } = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'))
      const files = (await readdir(join(root, path))).filter(file => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
      const texts = await Promise.all(files.map(file => readFile(join(root, path, file), 'utf8')))
      if (license === undefined && texts.length === 0) throw new Error(`${name} has no licence`)
      const text = texts.map(each => each.replace(/\r\n/g, '\n').trim()).join('\n\n')
      return `${name} ${version} (${license})\n\n${text}`.trim()
    }),
  )
  // What the .wasm file is compiled from; its package does not carry these.
  for (const name of ['libpg_query', 'postgresql']) {
    notices.push((await readFile(join(root, `scripts/licenses/${name}.txt`), 'utf8')).trim())
  }
  return `${[...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}
