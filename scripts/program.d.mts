import type { BuildResult } from 'esbuild'

/** The command line program and the library for Node, as files of `dist` that are not written yet. */
export declare function programBundle(): Promise<BuildResult<{ write: false; metafile: true }>>
