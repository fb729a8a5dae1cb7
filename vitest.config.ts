import { configDefaults, defineConfig } from 'vitest/config'

/** What takes long, by `npm run test:long`, also run by CI: tests that start the program, or git, hundreds of times … */
const longRuns = [
  'test/node/{baseline,cache,code,code-use,config,entry-points,exit-code,fix,history,history-in-hooks,hooks,init,integrity,loading,lost-files,mistakes,output,package,plugins,sarif,selection,server-version,stats,status,status-database,systems,capture,trace,trace-down,unread}.test.ts',
]

/** … and properties that are tried on many inputs, in-process. */
const longProperties = [
  'test/code/tools/advice.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/history/{base,matrix,trees}.test.ts',
  'test/lint/{glob,memory}.test.ts',
  'test/parse/{depth,routine-problems}.test.ts',
  'test/postgres/{boundaries,type-change}.test.ts',
  'test/postgres/{aftermath,collation,mutable-index,random-many,savepoints-and-labels,shared,unseen-objects}.pglite.test.ts',
  'test/reported/{allowed-edits,history,journals,tools,unread-earlier,batches.pglite,hidden-past.pglite,waits.pglite}.test.ts',
  'test/rules/{advice-measured,memory-exhausted,pages.postgres}.test.ts',
  'test/systems/{order,status,status-tables}.test.ts',
  'test/trace/catalog.pglite.test.ts',
]

/** It loads modules of the source a second time, and tree-sitter, of which there is one in a process, belongs to the first. */
const apart = 'test/systems/on-demand.test.ts'

// The program is tested as people run it, built and as a child process; everything else is tested in-process, from source.
export default defineConfig({
  test: {
    // Two cores and WebAssembly compiled per worker: patience costs nothing when tests pass.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // All cores: by default one is left idle, which on two cores is half of them.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          setupFiles: 'test/kit/grammars.ts',
          // Nothing here keeps state between files, and the parser's WebAssembly is compiled once per worker instead of once per file.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            ...longProperties,
            apart,
            'test/node/**',
            'test/action/**',
            'test/hostile/**',
            'test/**/*.servers.test.ts',
            'test/**/*.systems.test.ts',
            'test/**/*.browser.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          include: ['test/node/**/*.test.ts', apart],
          exclude: [...configDefaults.exclude, ...longRuns, 'test/**/*.servers.test.ts', 'test/**/*.systems.test.ts'],
          globalSetup: 'test/node/kit/build.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'long-properties',
          setupFiles: 'test/kit/grammars.ts',
          isolate: false,
          include: longProperties,
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'long-runs', include: longRuns, testTimeout: 120_000, globalSetup: 'test/node/kit/build.ts' },
      },
      {
        extends: true,
        test: {
          name: 'action',
          include: ['test/action/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/**/*.servers.test.ts'],
          testTimeout: 120_000,
          globalSetup: 'test/kit/install.ts',
        },
      },
      {
        extends: true,
        test: {
          // Attacks by strangers, built for real: each test says which attack, and what must not happen.
          name: 'hostile',
          include: ['test/hostile/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/**/*.servers.test.ts'],
          testTimeout: 120_000,
          globalSetup: ['test/kit/install.ts', 'test/node/kit/build.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/**/*.servers.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          globalSetup: ['test/kit/install.ts', 'test/node/kit/build.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['test/**/*.browser.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'systems',
          include: ['test/**/*.systems.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          globalSetup: ['test/kit/install.ts', 'test/node/kit/build.ts'],
        },
      },
    ],
  },
})
