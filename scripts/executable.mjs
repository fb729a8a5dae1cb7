// Makes one file that runs without Node.js: Node's own program with the command line, PostgreSQL's parser and the grammars inside of it ("single
// executable application"). It is for the platform and the version of Node.js that run this script.
//
//     node scripts/executable.mjs <file>
import { execFileSync } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { inject } from 'postject'
import { embeddedParser } from './browser.mjs'
import { grammarNames } from './grammars.mjs'

/** Where Node looks for what is injected: it is off in every copy of Node, and `inject` switches it on. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/**
 * What differs where there are no files beside the program. Node runs the embedded script as CommonJS, which has no await outside of
 * functions. The thread of the parser gets the script as text, and the grammars are inside of the executable.
 */
const changes = {
  'src/node/cli.ts': [
    ['\nawait begin()', '\nvoid begin()'],
    // Programs are parsed when they are read.
    ['  useParsedAhead(thread(new URL(import.meta.url)))\n', ''],
    ['new URL(import.meta.url)))\n  const', "require('node:sea').getAsset('program', 'utf8')))\n  const"],
    [
      'grammarsIn(grammarFolder)',
      "async name => { try { return new Uint8Array(require('node:sea').getRawAsset(name)) } catch { return null } }",
    ],
  ],
  'src/node/parser/thread.ts': [['argv: [],', 'argv: [],\n    eval: true,']],
}

const root = fileURLToPath(new URL('..', import.meta.url))

const withoutFiles = {
  name: 'without-files',
  setup(bundle) {
    bundle.onLoad({ filter: /src[\\/]node[\\/](cli|parser[\\/]thread)\.ts$/ }, async ({ path }) => {
      const name = path.slice(root.length).replaceAll('\\', '/')
      let contents = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n').replace(/^#!.*\n/, '')
      for (const [before, after] of changes[name]) {
        if (contents.split(before).length !== 2) throw new Error(`${name} no longer has, once: ${before}`)
        contents = contents.replace(before, () => after)
      }
      return { contents, loader: 'ts' }
    })
  },
}

/** Writes the executable to a path. */
export async function writeExecutable(path) {
  const folder = await mkdtemp(join(tmpdir(), 'migrate-lint-executable-'))
  try {
    const program = join(folder, 'program.cjs')
    await build({
      absWorkingDir: root,
      entryPoints: ['src/node/cli.ts'],
      outfile: program,
      bundle: true,
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      define: { 'import.meta.url': 'bundleUrl' },
      banner: { js: "const bundleUrl = require('node:url').pathToFileURL(process.execPath).href;" },
      mainFields: ['module', 'main'],
      loader: { '.wasm': 'binary' },
      plugins: [embeddedParser, withoutFiles],
      legalComments: 'none',
      charset: 'utf8',
      logLevel: 'warning',
    })
    const grammars = ['tree-sitter', ...grammarNames.filter(name => name !== 'tree-sitter')]
    const assets = {
      program,
      ...Object.fromEntries(grammars.map(name => [name, join(root, 'dist/grammars', `${name}.wasm`)])),
    }
    const [blob, settings] = [join(folder, 'blob'), join(folder, 'settings.json')]
    await writeFile(
      settings,
      JSON.stringify({ main: program, output: blob, disableExperimentalSEAWarning: true, assets }),
    )
    execFileSync(process.execPath, ['--experimental-sea-config', settings], { stdio: ['ignore', 'ignore', 'inherit'] })
    await copyFile(process.execPath, path)
    await chmod(path, 0o755)
    const onMac = process.platform === 'darwin'
    // A Mac runs nothing whose signature does not fit; its own tool makes one for this machine.
    if (onMac) execFileSync('codesign', ['--remove-signature', path])
    await inject(path, 'NODE_SEA_BLOB', await readFile(blob), {
      sentinelFuse: fuse,
      ...(onMac && { machoSegmentName: 'NODE_SEA' }),
    })
    if (onMac) execFileSync('codesign', ['--sign', '-', path])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path] = process.argv.slice(2)
  if (path === undefined) throw new Error('Name the file to write: node scripts/executable.mjs <file>')
  await writeExecutable(path)
}
