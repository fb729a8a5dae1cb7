// Bundles the command line program and the library for Node.
import { fileURLToPath } from 'node:url'

/**
 * Bundles both entries together, so that they share their chunks and rare commands are loaded only when they are used. `outputFiles`
 * and `metafile` are esbuild's.
 */
export async function programBundle() {
  const { build } = await import('esbuild')
  return build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: { cli: 'src/node/cli.ts', index: 'src/index.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    chunkNames: 'chunks/[name]-[hash]',
    // Every file that Node need not search on disk makes a hook start sooner. CommonJS packages stay outside of the bundle, because their
    // `require` does not work in a bundle of modules. So does libpg-query, which finds its .wasm file beside its own JavaScript.
    mainFields: ['module', 'main'],
    // PGlite is 27 MB, and only people who trace need it.
    external: ['commander', 'diff', 'libpg-query', 'pg', '@electric-sql/pglite', '@electric-sql/pglite/contrib/*'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  })
}
