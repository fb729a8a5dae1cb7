// Bundles the library for browsers so that it needs no other package. It includes PostgreSQL's parser.
//
// libpg-query asks the page's server for its .wasm file, by a name that bundling loses, and does not accept the bytes from its caller. This
// plugin makes its loader take them from the bundle instead.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** An esbuild plugin, for people who bundle src/index.ts (or a program that uses it) themselves. */
export const embeddedParser = {
  name: 'embedded-parser',
  setup(build) {
    const folder = join(createRequire(import.meta.url).resolve('libpg-query'), '..')
    build.onResolve({ filter: /^libpg-query\/wasm\/libpg-query\.js$/ }, () => {
      return { path: 'libpg-query', namespace: 'embedded-parser' }
    })
    build.onLoad({ filter: /.*/, namespace: 'embedded-parser' }, () => ({
      resolveDir: root,
      contents: `
        import create from ${JSON.stringify(join(folder, 'libpg-query.js'))}
        import bytes from ${JSON.stringify(join(folder, 'libpg-query.wasm'))}
        export default options => create({
          ...options,
          instantiateWasm: (imports, done) => void WebAssembly.instantiate(bytes, imports).then(({ instance }) => done(instance)),
        })`,
    }))
  },
}

/** The bundle's text, all in one: an ECMAScript module, or with `format: 'iife'` a script that sets the global `migrateLint`. */
export async function bundleForBrowser({ format = 'esm', minify = false } = {}) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({ ...options, entryPoints: ['src/index.ts'], format, minify })
  return outputFiles[0].text
}

/**
 * The same as files: an ECMAScript module that loads the other files when it needs them, so that a page does not wait for the readers of
 * code or YAML. `outputFiles` and `metafile` are esbuild's.
 */
export async function browserBundle() {
  const { build } = await import('esbuild')
  return build({
    ...options,
    entryPoints: { browser: 'src/index.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/browser-[name]-[hash]',
    format: 'esm',
    splitting: true,
    minify: true,
  })
}

const options = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'browser',
  globalName: 'migrateLint',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.wasm': 'binary' },
  plugins: [embeddedParser],
  // With this, libpg-query would detect Node, and read its .wasm file by itself.
  define: { 'globalThis.process': 'undefined', 'import.meta.url': '""' },
  // Only branches that never run import these modules.
  external: ['node:fs', 'node:crypto', 'fs/promises', 'module'],
}
