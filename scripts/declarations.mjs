// The types of the library as one file, so that an editor reads one file instead of hundreds, and none of the program's inside is published.
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The text of dist/index.d.ts. Types are not checked here: `npm run check` does that. */
export async function declarations() {
  const [{ rolldown }, { dts }] = await Promise.all([import('rolldown'), import('rolldown-plugin-dts')])
  const bundle = await rolldown({
    cwd: root,
    input: { index: './src/index.ts' },
    // Packages that the library's types name stay imports: @pgsql/types and immutable.
    checks: { pluginTimings: false },
    external: /^[^./]/,
    plugins: [dts({ dtsOnly: true, tsconfig: 'tsconfig.build.json' })],
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  const [declared, ...others] = output
  if (declared.fileName !== 'index.d.ts' || others.length > 0)
    throw new Error(`The declarations became ${output.map(({ fileName }) => fileName).join(', ')}.`)
  return declared.code
}
