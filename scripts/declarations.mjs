// The types of the library as one file, so that an editor reads one file instead of hundreds, and none of the program's inside is published.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The text of dist/index.d.ts. Types are not checked here: `npm run check` does that. */
export async function declarations() {
  // Below the project, where the packages that the types name are found.
  await mkdir(join(root, '.cache'), { recursive: true })
  const folder = await mkdtemp(join(root, '.cache', 'declarations-'))
  try {
    const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc')
    const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'types')]
    const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`tsc stopped with exit code ${status}`)
    return await rolledUp(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The declarations of a folder `types` as one text. */
async function rolledUp(folder) {
  const { Extractor, ExtractorConfig } = await import('@microsoft/api-extractor')
  const [entry, file] = [join(folder, 'types/src/index.d.ts'), join(folder, 'index.d.ts')]
  const packageJsonFullPath = join(folder, 'package.json')
  await writeFile(packageJsonFullPath, '{ "name": "migrate-lint", "version": "0.0.0" }')
  const silent = { default: { logLevel: 'none' } }
  const extractorConfig = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', types: [], skipLibCheck: true },
          files: [entry],
        },
      },
      dtsRollup: { enabled: true, untrimmedFilePath: file },
      messages: { compilerMessageReporting: silent, extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  })
  const messages = []
  const { succeeded } = Extractor.invoke(extractorConfig, {
    localBuild: true,
    // It would print which version of TypeScript it brings along.
    messageCallback: message => {
      messages.push(message.text)
      message.handled = true
    },
  })
  if (!succeeded) throw new Error(`The declarations cannot be joined:\n${messages.join('\n')}`)
  return await readFile(file, 'utf8')
}
